package dev.remit.server.console;

import dev.remit.kernel.evidence.Completeness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the newest records of all logs say, counted once for all pages. Pages name how many records
/// that are and since when: nothing here is about anything older.
///
/// @param at when it was counted
/// @param since the oldest record that was looked at
/// @param records how many were
/// @param lines the records, newest first
/// @param calls how calls were decided: how many each word
/// @param observed calls that went on although policy was only observed and not enforced
/// @param gaps calls that were let through and whose outcome is not recorded after a minute
/// @param unattributed calls whose identity is not declared, or has no owner who is here, or shares
///   a credential with another by a finding that is open
/// @param lives how long each task token and credential of a database lived that is over, ascending
/// @param oldest how long the oldest one lives that is not over
/// @param uses how often each identity has asked for each tool, under `SPIFFE ID tool`
/// @param shadows how many decisions each policy in shadow would have changed
/// @param revocations suspensions whose outcome was measured, newest first
record Recent(
    Instant at,
    Instant since,
    long records,
    List<Line> lines,
    Map<String, Long> calls,
    long observed,
    List<Completeness.Gap> gaps,
    long unattributed,
    List<Duration> lives,
    Optional<Duration> oldest,
    Map<String, Use> uses,
    Map<String, Long> shadows,
    List<Revocation> revocations) {

  Recent {
    lines = List.copyOf(lines);
    calls = Map.copyOf(calls);
    gaps = List.copyOf(gaps);
    lives = List.copyOf(lives);
    uses = Map.copyOf(uses);
    shadows = Map.copyOf(shadows);
    revocations = List.copyOf(revocations);
  }

  /// How often something was asked for, and when last.
  record Use(long count, Instant last) {}

  /// What a suspension has come to.
  record Revocation(Line line, boolean complete, Duration took) {}

  /// How many calls there were, however they were decided.
  long decided() {
    return calls.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Calls that were decided with policy enforced, and of which it is known what became of them.
  long governed() {
    return Math.max(0, decided() - observed - gaps.size());
  }

  Optional<Duration> medianLife() {
    return lives.isEmpty() ? Optional.empty() : Optional.of(lives.get((lives.size() - 1) / 2));
  }

  static String use(String identity, String tool) {
    return identity + " " + tool;
  }

  /// What was looked at, in words.
  String scope(Instant now) {
    return records == 0
        ? "nothing recorded yet"
        : "the newest " + Wording.count(records) + " records, since " + Wording.moment(since, now);
  }
}
