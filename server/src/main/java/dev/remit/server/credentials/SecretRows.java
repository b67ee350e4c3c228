package dev.remit.server.credentials;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// Which secrets there are, for comparison with the ledger: table `secret`. A value is told as the
/// digest of its ciphertext, so that an older value put back shows, and nothing of the value does.
public final class SecretRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        "SELECT name, wrapped, rotate, stored_by, stored_at FROM secret",
        row ->
            each.accept(
                StateRow.of("secret", row.text("name"))
                    .with("sealed", Digest.of(row.bytes("wrapped")).value())
                    .with("rotate", row.flag("rotate"))
                    .with("by", row.text("stored_by"))
                    .with("at", row.instant("stored_at"))));
  }
}
