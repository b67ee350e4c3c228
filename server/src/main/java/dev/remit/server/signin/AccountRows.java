package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// Who has a password here, for comparison with the ledger: table `sign_in_account`. A password is
/// told as the digest of its salted hash, so that another one put there shows.
public final class AccountRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        "SELECT person, hash, set_by, set_at FROM sign_in_account",
        row ->
            each.accept(
                StateRow.of("account", row.text("person"))
                    .with("sealed", Digest.of(row.text("hash")).value())
                    .with("by", row.text("set_by"))
                    .with("at", row.instant("set_at"))));
  }
}
