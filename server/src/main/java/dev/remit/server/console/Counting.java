package dev.remit.server.console;

import dev.remit.kernel.evidence.Completeness;
import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.console.Recent.Revocation;
import dev.remit.server.console.Recent.Use;
import dev.remit.server.findings.Finding;
import dev.remit.server.registry.Registered;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Counts records into a [Recent]; each log oldest first.
final class Counting {
  /// By when the outcome of a call that was let through must be there; models take that long.
  private static final Duration OUTCOME_WITHIN = Duration.ofMinutes(1);

  /// Findings that say of a credential or identity that its use does not tell who acted.
  private static final Set<String> SHARED =
      Set.of("credential-of-two-identities", "person-as-workload");

  private final Registered registered;
  private final Set<String> shared;
  private final Instant now;
  private final Completeness completeness;
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Long> calls = new TreeMap<>();
  private final Map<String, Use> uses = new HashMap<>();
  private final Map<String, Long> shadows = new TreeMap<>();
  private final Map<String, Boolean> attributable = new HashMap<>();
  private final List<Revocation> revocations = new ArrayList<>();
  private final Map<String, Lent> lent = new HashMap<>();
  private final List<Duration> lives = new ArrayList<>();
  private long observed;
  private long unattributed;

  /// A token, or a credential of a database.
  private record Lent(String task, Instant from, Instant until) {}

  Counting(Registered registered, Collection<Finding> findings, Instant now) {
    this.registered = registered;
    this.now = now;
    this.shared =
        findings.stream()
            .filter(finding -> SHARED.contains(finding.kind()))
            .map(finding -> finding.subject() + " " + finding.summary())
            .collect(Collectors.toUnmodifiableSet());
    this.completeness =
        new Completeness(
            new Scope(
                Scope.Kind.WORKFLOW,
                "all",
                Instant.EPOCH,
                now.minus(OUTCOME_WITHIN),
                new TreeSet<>()),
            true);
  }

  void add(String log, RecordedEntry entry) {
    var line = Line.of(log, entry);
    lines.add(line);
    if (isAboutCalls(entry)) {
      completeness.add(entry);
    }
    switch (entry.type()) {
      case CALL_DECIDED, CALL_REFUSED -> call(entry, line);
      case TOKEN_ISSUED, CREDENTIAL_ISSUED -> lent(entry);
      case TASK_COMPLETED -> over(entry);
      case CREDENTIAL_ENDED -> gone(entry);
      case CONTROL_MEASURED -> measured(entry, line);
      default -> {}
    }
  }

  private static boolean isAboutCalls(RecordedEntry entry) {
    return entry.type() == EntryType.CALL_DECIDED
        || entry.type() == EntryType.CALL_ENDED
        || entry.type() == EntryType.BOOT;
  }

  private void call(RecordedEntry entry, Line line) {
    calls.merge(line.outcome(), 1L, Long::sum);
    uses.merge(
        Recent.use(line.identity(), line.what()),
        new Use(1, line.at()),
        (before, one) -> new Use(before.count() + 1, one.last()));
    if (entry.text("observed").isPresent()) {
      observed++;
    }
    if (!attributable.computeIfAbsent(line.identity(), this::isAttributable)) {
      unattributed++;
    }
    for (var would : entry.content().path("shadow")) {
      var text = would.asString("");
      int colon = text.indexOf(": ");
      shadows.merge(colon < 0 ? text : text.substring(0, colon), 1L, Long::sum);
    }
  }

  /// Whether one identity, and a person who answers for it, can be named for what it does.
  private boolean isAttributable(String spiffeId) {
    try {
      return registered
          .identity(new SpiffeId(spiffeId))
          .filter(known ->
              shared.stream()
                  .noneMatch(
                      text -> text.contains(spiffeId) || text.contains("`" + known.name() + "`")))
          .flatMap(known -> registered.workflow(known.workflow()))
          .flatMap(workflow -> registered.person(workflow.owner()))
          .filter(owner -> owner.active())
          .isPresent();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void lent(RecordedEntry entry) {
    var key = key(entry);
    time(entry, "expiresAt")
        .ifPresent(
            until -> lent.put(key, new Lent(entry.text("task").orElse(""), entry.at(), until)));
  }

  private static String key(RecordedEntry entry) {
    return entry.type() == EntryType.TOKEN_ISSUED
        ? "token " + entry.id().orElse("")
        : "credential " + entry.text("credential").orElse("");
  }

  /// With a task its tokens end; what it has of databases is gone when that is seen.
  private void over(RecordedEntry entry) {
    var task = entry.text("task").orElse("");
    var end = time(entry, "endedAt").orElse(entry.at());
    lent.entrySet()
        .removeIf(one -> {
          var ended =
              one.getKey().startsWith("token ")
                  && one.getValue().task().equals(task)
                  && end.isBefore(one.getValue().until());
          if (ended) {
            lives.add(Duration.between(one.getValue().from(), end));
          }
          return ended;
        });
  }

  private void gone(RecordedEntry entry) {
    var known = lent.remove("credential " + entry.text("credential").orElse(""));
    if (known != null) {
      lives.add(Duration.between(known.from(), entry.at()));
    }
  }

  private void measured(RecordedEntry entry, Line line) {
    if (entry.text("why").filter("suspended"::equals).isPresent()) {
      var took = Duration.ofMillis(entry.content().path("tookMillis").asLong(0));
      revocations.add(
          new Revocation(line, entry.content().path("complete").asBoolean(false), took));
    }
  }

  private static Optional<Instant> time(RecordedEntry entry, String member) {
    try {
      return entry.text(member).map(Instant::parse);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  Recent counted() {
    Optional<Duration> oldest = Optional.empty();
    for (var one : lent.values()) {
      if (now.isBefore(one.until())) {
        var lived = Duration.between(one.from(), now);
        oldest = oldest.filter(other -> other.compareTo(lived) >= 0).or(() -> Optional.of(lived));
      } else {
        lives.add(Duration.between(one.from(), one.until()));
      }
    }
    Collections.sort(lives);
    lines.sort(Comparator.comparing(Line::at).thenComparingLong(Line::index).reversed());
    revocations.sort(Comparator.comparing((Revocation one) -> one.line().at()).reversed());
    return new Recent(
        now,
        lines.isEmpty() ? now : lines.getLast().at(),
        lines.size(),
        lines,
        calls,
        observed,
        completeness.gaps(),
        unattributed,
        lives,
        oldest,
        uses,
        shadows,
        revocations);
  }
}
