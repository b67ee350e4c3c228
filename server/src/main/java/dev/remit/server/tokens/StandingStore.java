package dev.remit.server.tokens;

import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.Word;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Everything that takes authority away, at rest and numbered: tables `standing`, `task` (its
/// ending), `token_withdrawn` and `signing_key` (its revocation), in the order of `standing_head`.
final class StandingStore {
  static final String CHANNEL = "standing";

  /// Takes the next number and announces it. Holds the head until the transaction ends.
  long next(Tx tx) {
    long seq =
        tx.one("UPDATE standing_head SET seq = seq + 1 RETURNING seq", row -> row.number("seq"))
            .orElseThrow(() -> new IllegalStateException("the table standing_head is empty"));
    tx.notify(CHANNEL, Long.toString(seq));
    return seq;
  }

  long head(Tx tx) {
    return tx.one("SELECT seq FROM standing_head", row -> row.number("seq")).orElse(0L);
  }

  /// Finds the standing and locks it; empty if the party was never suspended.
  Optional<PartyStanding> find(Tx tx, Party party) {
    return tx.one(
        """
        SELECT kind, name, suspended, epoch, reason, said_by, since
          FROM standing WHERE kind = ? AND name = ? FOR UPDATE
        """,
        StandingStore::standing,
        party.kind().word(),
        party.name());
  }

  void put(Tx tx, PartyStanding standing, long seq) {
    tx.update(
        """
        INSERT INTO standing (kind, name, suspended, epoch, reason, said_by, since, seq)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (kind, name) DO UPDATE
           SET suspended = EXCLUDED.suspended, epoch = EXCLUDED.epoch, reason = EXCLUDED.reason,
               said_by = EXCLUDED.said_by, since = EXCLUDED.since, seq = EXCLUDED.seq
        """,
        standing.party().kind().word(),
        standing.party().name(),
        standing.suspended(),
        standing.epoch(),
        standing.reason(),
        standing.by(),
        standing.since(),
        seq);
  }

  /// Withdraws one token; says whether it was not withdrawn before.
  boolean withdraw(Tx tx, String jti, Instant expiresAt, long seq) {
    return tx.update(
            """
            INSERT INTO token_withdrawn (jti, expires_at, seq) VALUES (?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            jti,
            expiresAt,
            seq)
        == 1;
  }

  /// Returns what was taken away after number `seq` and still matters at `now`, in order. One
  /// statement, so that it sees one moment.
  List<Loss> after(Tx tx, long seq, Instant endedSince, Instant now) {
    return tx.all(
        """
        SELECT seq, 'standing' AS what, kind, name, suspended, epoch, reason, said_by, since
          FROM standing WHERE seq > ?
        UNION ALL
        SELECT ended_seq, 'task', '', id, false, 0, '', '', ended_at
          FROM task WHERE ended_seq > ? AND ended_at > ?
        UNION ALL
        SELECT seq, 'token', '', jti, false, 0, '', '', expires_at
          FROM token_withdrawn WHERE seq > ? AND expires_at > ?
        UNION ALL
        SELECT revoked_seq, 'key', '', kid, false, 0, '', '', revoked_at
          FROM signing_key WHERE revoked_seq > ?
        ORDER BY seq
        """,
        StandingStore::loss,
        seq,
        seq,
        endedSince,
        seq,
        now,
        seq);
  }

  int prune(Tx tx, Instant now) {
    return tx.update("DELETE FROM token_withdrawn WHERE expires_at < ?", now)
        + tx.update("DELETE FROM proof_seen WHERE expires_at < ?", now);
  }

  private static Loss loss(Row row) {
    long seq = row.number("seq");
    var what = row.text("what");
    return switch (what) {
      case "standing" -> new Loss.Standing(seq, standing(row));
      case "task" -> new Loss.TaskEnd(seq, new TaskId(row.text("name")), row.instant("since"));
      case "key" -> new Loss.KeyRevoked(seq, row.text("name"));
      case "token" -> new Loss.Withdrawal(seq, row.text("name"), row.instant("since"));
      default -> throw new IllegalStateException("no such loss: " + what);
    };
  }

  private static PartyStanding standing(Row row) {
    var kind = Word.parse(Party.Kind.class, row.text("kind"));
    return new PartyStanding(
        new Party(kind, row.text("name")),
        row.flag("suspended"),
        row.number("epoch"),
        row.text("reason"),
        row.text("said_by"),
        row.instant("since"));
  }
}
