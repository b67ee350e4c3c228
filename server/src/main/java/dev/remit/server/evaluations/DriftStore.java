package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.DriftDetector;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Probes at rest: tables `evaluation_probes`, `evaluation_probes_due`, `evaluation_seen`.
final class DriftStore {

  /// What one set of probes has come to.
  ///
  /// @param at when they were asked last
  record Watched(
      String name,
      Digest candidate,
      String approved,
      long days,
      List<Double> evidence,
      long failed,
      long asked,
      boolean alarm,
      Instant at) {
    Watched {
      evidence = List.copyOf(evidence);
    }

    /// The detector as it was left; empty if it watched something else.
    Optional<DriftDetector> detector(Digest now, double approvedNow, double falseAlarmDays) {
      return candidate.equals(now) && Double.parseDouble(approved) == approvedNow
          ? Optional.of(
              new DriftDetector(approvedNow, falseAlarmDays, evidence, Math.toIntExact(days)))
          : Optional.empty();
    }
  }

  /// Takes the turn to ask, if nobody has since `every` ago.
  boolean claim(Tx tx, String name, Instant now, Duration every) {
    return tx.update(
            """
            INSERT INTO evaluation_probes_due (name, due) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET due = excluded.due
             WHERE evaluation_probes_due.due <= ?
            """,
            name,
            now.plus(every),
            now)
        == 1;
  }

  /// Has them asked next at `due`.
  void due(Tx tx, String name, Instant due) {
    tx.update(
        """
        INSERT INTO evaluation_probes_due (name, due) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET due = excluded.due
        """,
        name,
        due);
  }

  Optional<Watched> find(Tx tx, String name) {
    return tx.one(
        """
        SELECT name, candidate, approved, days, evidence, failed, asked, alarm, at
          FROM evaluation_probes
         WHERE name = ?
        """,
        DriftStore::watched,
        name);
  }

  List<Watched> all(Tx tx) {
    return tx.all(
        """
        SELECT name, candidate, approved, days, evidence, failed, asked, alarm, at
          FROM evaluation_probes
         ORDER BY name
        """,
        DriftStore::watched);
  }

  void put(Tx tx, Watched watched) {
    tx.update(
        """
        INSERT INTO evaluation_probes
               (name, candidate, approved, days, evidence, failed, asked, alarm, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE
           SET candidate = excluded.candidate, approved = excluded.approved,
               days = excluded.days, evidence = excluded.evidence, failed = excluded.failed,
               asked = excluded.asked, alarm = excluded.alarm, at = excluded.at
        """,
        watched.name(),
        watched.candidate().value(),
        watched.approved(),
        watched.days(),
        evidence(watched.evidence()),
        watched.failed(),
        watched.asked(),
        watched.alarm(),
        watched.at());
  }

  static List<String> evidence(List<Double> evidence) {
    return evidence.stream().map(String::valueOf).toList();
  }

  /// What was said before, if it differs; remembers what is said now.
  Optional<Seen> see(Tx tx, Digest fingerprint, Drift.Sign sign, String said, Instant now) {
    var before =
        tx.one(
            "SELECT said, at FROM evaluation_seen WHERE fingerprint = ? AND sign = ? FOR UPDATE",
            row -> new Seen(row.text("said"), row.instant("at")),
            fingerprint.value(),
            sign.word());
    tx.update(
        """
        INSERT INTO evaluation_seen (fingerprint, sign, said, at) VALUES (?, ?, ?, ?)
        ON CONFLICT (fingerprint, sign) DO UPDATE SET said = excluded.said, at = excluded.at
        """,
        fingerprint.value(),
        sign.word(),
        said,
        now);
    return before.filter(seen -> !seen.said().equals(said));
  }

  /// What was said, and when last.
  record Seen(String said, Instant at) {}

  private static Watched watched(Row row) {
    return new Watched(
        row.text("name"),
        new Digest(row.text("candidate")),
        row.text("approved"),
        row.number("days"),
        row.texts("evidence").stream().map(Double::valueOf).toList(),
        row.number("failed"),
        row.number("asked"),
        row.flag("alarm"),
        row.instant("at"));
  }
}
