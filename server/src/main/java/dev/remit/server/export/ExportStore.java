package dev.remit.server.export;

import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Exports at rest: tables `export_position`, `export_held` and `export_aside`, the rows of one
/// export of one log.
final class ExportStore {
  private static final int ASIDE_SHOWN = 50;
  private static final int HEADS_MAX = 200;

  private final String log;
  private final String name;

  ExportStore(String log, String name) {
    this.log = log;
    this.name = name;
  }

  /// How far the log was sent.
  ///
  /// @param next first entry that was neither taken, held nor set aside
  /// @param version grows with each change, so that nobody moves what somebody else has moved
  record Position(long next, long version, Instant movedAt) {}

  /// An entry that waits for another try, or behind one that does.
  ///
  /// @param lane what waits behind it
  /// @param tries how often it was sent
  /// @param refusals how often the destination said that it is at fault
  record Held(
      long index,
      String lane,
      int tries,
      int refusals,
      String why,
      Instant heldAt,
      Instant tryAt) {}

  /// Entries that were given up.
  record Aside(long index, long until, long entries, String why, Instant at) {}

  /// Makes the position unless there is one.
  void begin(Tx tx, long next, Instant now) {
    tx.update(
        """
        INSERT INTO export_position (log, name, next, version, moved_at)
        VALUES (?, ?, ?, 1, ?)
        ON CONFLICT DO NOTHING
        """,
        log,
        name,
        next,
        now);
  }

  Optional<Position> position(Tx tx) {
    return tx.one(
        "SELECT next, version, moved_at FROM export_position WHERE log = ? AND name = ?",
        ExportStore::position,
        log,
        name);
  }

  /// The same, held until the transaction ends.
  Optional<Position> positionToSet(Tx tx) {
    return tx.one(
        """
        SELECT next, version, moved_at
          FROM export_position
         WHERE log = ? AND name = ?
           FOR UPDATE
        """,
        ExportStore::position,
        log,
        name);
  }

  /// Moves the position if it is still `from`.
  boolean move(Tx tx, Position from, long next, Instant now) {
    return tx.update(
            """
            UPDATE export_position
               SET next = ?, version = version + 1, moved_at = ?
             WHERE log = ? AND name = ? AND version = ?
            """,
            next,
            now,
            log,
            name,
            from.version())
        == 1;
  }

  /// Lets what would be sent again no longer wait.
  void forgetHeld(Tx tx, long from) {
    tx.update("DELETE FROM export_held WHERE log = ? AND name = ? AND index >= ?", log, name, from);
  }

  void hold(Tx tx, Held held) {
    tx.update(
        """
        INSERT INTO export_held
               (log, name, index, lane, tries, refusals, why, held_at, try_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        log,
        name,
        held.index(),
        held.lane(),
        held.tries(),
        held.refusals(),
        held.why(),
        held.heldAt(),
        held.tryAt());
  }

  void tried(Tx tx, Held held) {
    tx.update(
        """
        UPDATE export_held
           SET tries = ?, refusals = ?, why = ?, held_at = ?, try_at = ?
         WHERE log = ? AND name = ? AND index = ?
        """,
        held.tries(),
        held.refusals(),
        held.why(),
        held.heldAt(),
        held.tryAt(),
        log,
        name,
        held.index());
  }

  void release(Tx tx, long index) {
    tx.update("DELETE FROM export_held WHERE log = ? AND name = ? AND index = ?", log, name, index);
  }

  /// Returns the lanes in which something waits.
  Set<String> lanes(Tx tx) {
    return Set.copyOf(
        tx.all(
            "SELECT DISTINCT lane FROM export_held WHERE log = ? AND name = ?",
            row -> row.text("lane"),
            log,
            name));
  }

  /// Returns the first of each lane that may be tried now, the longest due first; 200 at most.
  List<Held> due(Tx tx, Instant now) {
    return tx.all(
        """
        SELECT *
          FROM (SELECT DISTINCT ON (lane) index, lane, tries, refusals, why, held_at, try_at
                  FROM export_held
                 WHERE log = ? AND name = ?
                 ORDER BY lane, index) AS first
         WHERE try_at <= ?
         ORDER BY try_at, index
         LIMIT ?
        """,
        ExportStore::held,
        log,
        name,
        now,
        HEADS_MAX);
  }

  /// Returns the first that waits in `lane`.
  Optional<Held> first(Tx tx, String lane) {
    return tx.one(
        """
        SELECT index, lane, tries, refusals, why, held_at, try_at
          FROM export_held
         WHERE log = ? AND name = ? AND lane = ?
         ORDER BY index
         LIMIT 1
        """,
        ExportStore::held,
        log,
        name,
        lane);
  }

  long heldCount(Tx tx) {
    return tx.one(
            "SELECT count(*) AS n FROM export_held WHERE log = ? AND name = ?",
            row -> row.number("n"),
            log,
            name)
        .orElseThrow();
  }

  void setAside(Tx tx, Aside aside) {
    tx.update(
        """
        INSERT INTO export_aside (log, name, index, until, entries, why, aside_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (log, name, index)
        DO UPDATE SET until = EXCLUDED.until, entries = EXCLUDED.entries, why = EXCLUDED.why,
                      aside_at = EXCLUDED.aside_at
        """,
        log,
        name,
        aside.index(),
        aside.until(),
        aside.entries(),
        aside.why(),
        aside.at());
  }

  /// Returns what was given up, the newest first; 50 at most.
  List<Aside> asides(Tx tx) {
    return tx.all(
        """
        SELECT index, until, entries, why, aside_at
          FROM export_aside
         WHERE log = ? AND name = ?
         ORDER BY aside_at DESC, index DESC
         LIMIT ?
        """,
        row ->
            new Aside(
                row.number("index"),
                row.number("until"),
                row.number("entries"),
                row.text("why"),
                row.instant("aside_at")),
        log,
        name,
        ASIDE_SHOWN);
  }

  private static Position position(Row row) {
    return new Position(row.number("next"), row.number("version"), row.instant("moved_at"));
  }

  private static Held held(Row row) {
    return new Held(
        row.number("index"),
        row.text("lane"),
        (int) row.number("tries"),
        (int) row.number("refusals"),
        row.text("why"),
        row.instant("held_at"),
        row.instant("try_at"));
  }
}
