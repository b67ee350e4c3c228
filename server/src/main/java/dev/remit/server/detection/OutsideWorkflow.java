package dev.remit.server.detection;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An identity that asks again and again for what its workflow was never granted, or its task does
/// not cover.
///
/// Silent for single refusals: agents try what they read of. Counted in memory, from one node's
/// entries, so a restart begins to count anew, and who spreads its tries over nodes is found later.
final class OutsideWorkflow implements Detector {
  private static final Set<String> REASONS =
      Set.of("not-granted", "outside-task", "delegator-not-granted");
  private static final int IDENTITIES_MAX = 10_000;

  private final int min;
  private final Duration within;
  private final Map<String, Deque<Instant>> refusals =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Instant>> eldest) {
          return size() > IDENTITIES_MAX;
        }
      };

  OutsideWorkflow(int min, Duration within) {
    this.min = min;
    this.within = within;
  }

  @Override
  public Optional<Finding.Sighting> look(RecordedEntry entry) {
    var identity = entry.text("identity");
    boolean outside =
        entry.type() == EntryType.CALL_REFUSED
            && entry.text("reason").filter(REASONS::contains).isPresent();
    return outside && identity.isPresent() && isOften(identity.get(), entry.at())
        ? Optional.of(sighting(entry, identity.get()))
        : Optional.empty();
  }

  private boolean isOften(String identity, Instant at) {
    var times = refusals.computeIfAbsent(identity, _ -> new ArrayDeque<>());
    times.addLast(at);
    while (times.size() > min || times.getFirst().isBefore(at.minus(within))) {
      times.removeFirst();
    }
    return times.size() == min;
  }

  private Finding.Sighting sighting(RecordedEntry entry, String identity) {
    return new Finding.Sighting(
        "use-outside-workflow",
        identity,
        Finding.Severity.MEDIUM,
        "%s was refused %d times within %d s what it has no grant for, last `%s`"
            .formatted(
                identity, min, within.toSeconds(), entry.text("resource").orElse("a resource")),
        "look at what it tries: remit explain " + entry.id().orElse("ID") + "; grant it or stop it",
        Role.OWNER);
  }
}
