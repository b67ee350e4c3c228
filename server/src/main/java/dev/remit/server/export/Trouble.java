package dev.remit.server.export;

import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is wrong with one export, how long it has been, and whether somebody was told: each kind of
/// finding once, until the destination takes something again.
///
/// Written by the thread of its export, read by whoever lists them.
final class Trouble {
  private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

  /// What stands in the way now.
  ///
  /// @param since when the destination began to take nothing
  record Now(String why, Instant since) {}

  private final ExportConfig config;
  private final String noun;
  private final Findings findings;
  private final Set<String> raised = new HashSet<>();
  private final Set<Long> overdue = new HashSet<>();
  private volatile Optional<Now> now = Optional.empty();

  Trouble(ExportConfig config, Findings findings) {
    this.config = config;
    this.noun = config.target().noun();
    this.findings = findings;
  }

  Optional<Now> now() {
    return now;
  }

  /// The destination takes something again.
  void over() {
    if (now.isPresent()) {
      LOG.info("{} {}: it takes entries again", noun, config.name());
      now = Optional.empty();
      raised.removeAll(Set.of(kind("refused"), kind("gone")));
    }
  }

  /// The destination took nothing, or the database did not answer.
  void failed(String why, Instant at) {
    var since = now.map(Now::since).orElse(at);
    if (!now.map(Now::why).equals(Optional.of(why))) {
      LOG.warn("{} {}: {}", noun, config.name(), why);
    }
    now = Optional.of(new Now(why, since));
    if (Duration.between(since, at).compareTo(config.bounds().refusedAfter()) >= 0) {
      raise(
          kind("refused"),
          "%s `%s` to `%s` has not come on since %s: %s"
              .formatted(noun, config.name(), config.target().shown(), since, why),
          "mend the destination or the configuration; what was not taken is sent then",
          at);
    }
  }

  /// One entry waits for another try.
  void holds(long index, String why, Instant since, Instant at) {
    boolean isOverdue = Duration.between(since, at).compareTo(config.bounds().refusedAfter()) >= 0;
    if (isOverdue && !overdue.contains(index)) {
      tell(
          kind("holds"),
          "%s `%s` holds entry %d, and what follows it of its workflow, since %s: %s"
              .formatted(noun, config.name(), index, since, why),
          "see " + list() + "; mend the destination",
          at);
      overdue.add(index);
    }
  }

  /// It waits no longer.
  void released(long index) {
    overdue.remove(index);
  }

  /// The destination says, for the first time, that an entry itself is at fault.
  void refused(long index, String why, Instant at) {
    tell(
        kind("entry-refused"),
        "the destination of %s `%s` does not take entry %d: %s"
            .formatted(noun, config.name(), index, why),
        "see " + list() + "; mend the destination" + again(", and send it again by"),
        at);
  }

  void gone(String why, Instant at) {
    now = Optional.of(new Now(why, at));
    raise(
        kind("gone"),
        "the destination of %s `%s` wants nothing more: %s".formatted(noun, config.name(), why),
        "take it out of the configuration, or mend it and start again"
            + again(", or begin again by"),
        at);
  }

  /// So many entries are not sent yet.
  void lag(long entries, Instant at) {
    if (entries <= config.bounds().lagMax()) {
      raised.remove(kind("lags"));
    } else {
      raise(
          kind("lags"),
          "%s `%s` is %d entries behind the ledger".formatted(noun, config.name(), entries),
          "see " + list() + "; give it a faster destination, or fewer types of entries",
          at);
    }
  }

  /// Once, until it is over.
  private void raise(String kind, String what, String remedy, Instant at) {
    if (!raised.contains(kind)) {
      tell(kind, what, remedy, at);
      raised.add(kind);
    }
  }

  private String kind(String what) {
    return noun + "-" + what;
  }

  private String list() {
    return config.target() instanceof Target.Channel
        ? "`remit notifications list`"
        : "`remit export list`";
  }

  private String again(String before) {
    return config.target() instanceof Target.Channel ? "" : before + " `remit export rewind`";
  }

  private void tell(String kind, String what, String remedy, Instant at) {
    findings.raise(
        new Finding.Sighting(
            kind, config.name(), Finding.Severity.MEDIUM, what, remedy, Role.ADMIN),
        at);
  }
}
