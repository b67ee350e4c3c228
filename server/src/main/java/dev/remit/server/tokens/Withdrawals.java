package dev.remit.server.tokens;

import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.NodeLogs;
import java.time.Instant;
import java.util.Optional;

/// Ends single tokens before their time (RFC 7009).
final class Withdrawals {
  private final Ledger ledger;
  private final NodeLogs logs;
  private final Losses losses;
  private final StandingStore store = new StandingStore();

  /// @param logs where it is found what a token was issued for
  Withdrawals(Ledger ledger, NodeLogs logs, Standings standings) {
    this.ledger = ledger;
    this.logs = logs;
    this.losses = standings.losses();
  }

  /// A token as the ledger knows it.
  record Issued(
      String jti, SpiffeId identity, WorkflowName workflow, TaskId task, Instant expiresAt) {

    static Issued of(TaskClaims claims) {
      return new Issued(
          claims.jti(), claims.subject(), claims.workflow(), claims.task(), claims.expiresAt());
    }
  }

  /// Finds the token that some node has issued under this id.
  Optional<Issued> issued(String jti) {
    return logs.holding(jti)
        .flatMap(log -> log.entry(jti))
        .filter(entry -> entry.type() == EntryType.TOKEN_ISSUED)
        .map(entry -> issued(jti, entry));
  }

  private static Issued issued(String jti, RecordedEntry entry) {
    return new Issued(
        jti,
        new SpiffeId(entry.text("identity").orElseThrow()),
        new WorkflowName(entry.text("workflow").orElseThrow()),
        new TaskId(entry.text("task").orElseThrow()),
        Instant.parse(entry.text("expiresAt").orElseThrow()));
  }

  /// Ends one token, at every node. The task goes on.
  ///
  /// @param by who asked: an identity's or a person's name
  void withdraw(TaskClaims claims, String by, Instant now) {
    withdraw(Issued.of(claims), by, Optional.empty(), now);
  }

  /// The same, by a person who says why.
  void withdraw(Issued token, String by, String reason, Instant now) {
    withdraw(token, by, Optional.of(reason), now);
  }

  private void withdraw(Issued token, String by, Optional<String> reason, Instant now) {
    var loss =
        ledger.transact(recording -> {
          long seq = store.next(recording.tx());
          if (store.withdraw(recording.tx(), token.jti(), token.expiresAt(), seq)) {
            recording.append(entry(token, by, seq, now).withMaybe("reason", reason));
          }
          return new Loss.Withdrawal(seq, token.jti(), token.expiresAt());
        });
    losses.add(loss);
  }

  private static Entry entry(Issued token, String by, long seq, Instant now) {
    return Entry.of(EntryType.TOKEN_REVOKED, now)
        .with("token", token.jti())
        .with("identity", token.identity().value())
        .with("workflow", token.workflow().value())
        .with("task", token.task().value())
        .with("expiresAt", token.expiresAt())
        .with("seq", seq)
        .with("by", by);
  }
}
