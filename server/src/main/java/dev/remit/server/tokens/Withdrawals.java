package dev.remit.server.tokens;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import java.time.Instant;

/// Takes single tokens back before their time.
final class Withdrawals {
  private final Ledger ledger;
  private final Losses losses;
  private final StandingStore store = new StandingStore();

  Withdrawals(Ledger ledger, Standings standings) {
    this.ledger = ledger;
    this.losses = standings.losses();
  }

  /// Ends one token, at every node. The task goes on.
  ///
  /// @param by who asked: an identity's or a person's name
  void withdraw(TaskClaims claims, String by, Instant now) {
    var loss =
        ledger.transact(recording -> {
          long seq = store.next(recording.tx());
          if (store.withdraw(recording.tx(), claims.jti(), claims.expiresAt(), seq)) {
            recording.append(entry(claims, by, seq, now));
          }
          return new Loss.Withdrawal(seq, claims.jti(), claims.expiresAt());
        });
    losses.add(loss);
  }

  private static Entry entry(TaskClaims claims, String by, long seq, Instant now) {
    return Entry.of(EntryType.TOKEN_REVOKED, now)
        .with("token", claims.jti())
        .with("identity", claims.subject().value())
        .with("workflow", claims.workflow().value())
        .with("task", claims.task().value())
        .with("expiresAt", claims.expiresAt())
        .with("seq", seq)
        .with("by", by);
  }
}
