package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// Whose passkeys are known here, for comparison with the ledger: table `passkey`. How often one
/// was used, and what its person calls it, is not who may sign in and left out.
public final class PasskeyRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        "SELECT id, person, credential, added_at FROM passkey",
        row ->
            each.accept(
                StateRow.of("passkey", row.text("id"))
                    .with("person", row.text("person"))
                    .with("key", Digest.of(row.bytes("credential")).value())
                    .with("at", row.instant("added_at"))));
  }
}
