package dev.remit.server.measures;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.measures.Period.Took;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What answering held calls and short credentials cost a team, beside pilots that became something
/// others depend on, which is what cost them dearly later.
final class Reviewing {
  private static final Set<String> DEPENDED = Set.of("pilot-in-production", "pilot-depended-on");
  private static final Set<String> TOO_LATE = Set.of("token-expired", "task-ended");

  private Reviewing() {}

  static Balance of(Period period) {
    long tasks = period.count(EntryType.TASK_STARTED);
    return new Balance(
        "reviews-and-lifetimes",
        "what do reviews and short credentials cost, beside pilots that others came to depend on?",
        List.of(
            Figure.count(
                "answers",
                period.count(EntryType.APPROVAL_AGREED),
                "answers",
                "in which somebody agreed to a held call"),
            Figure.median("answered", Took.times(period.waits()), "until a held call was answered"),
            Figure.median("credential-life", lives(period), "that a task token was good for"),
            Figure.perThousand(
                "renewals",
                (double) (period.count(EntryType.TOKEN_ISSUED) - tasks),
                tasks,
                "in 1,000 tasks",
                "tokens beyond the first of their task"),
            Figure.count(
                "too-late",
                period
                    .of(EntryType.CALL_REFUSED)
                    .filter(entry -> entry.text("reason").filter(TOO_LATE::contains).isPresent())
                    .count(),
                "calls",
                "refused because their token or task was over")),
        List.of(
            Figure.count(
                "pilots-depended-on",
                dependencies(period).size(),
                "findings",
                "that a pilot works in production or is depended on"),
            Figure.median(
                "remediated",
                Took.times(
                    period.between(
                        EntryType.FINDING_RAISED, EntryType.FINDING_CLOSED, Reviewing::dependency)),
                "until such a finding was dealt with")));
  }

  private static List<Duration> lives(Period period) {
    return period
        .of(EntryType.TOKEN_ISSUED)
        .filter(entry -> entry.text("expiresAt").isPresent())
        .map(entry ->
            Duration.between(entry.at(), Instant.parse(entry.text("expiresAt").orElseThrow())))
        .toList();
  }

  private static List<RecordedEntry> dependencies(Period period) {
    return period
        .of(EntryType.FINDING_RAISED)
        .filter(entry -> entry.text("kind").filter(DEPENDED::contains).isPresent())
        .toList();
  }

  private static Optional<String> dependency(RecordedEntry entry) {
    return entry.type() == EntryType.FINDING_CLOSED
        ? entry.of()
        : entry.id().filter(_ -> entry.text("kind").filter(DEPENDED::contains).isPresent());
  }
}
