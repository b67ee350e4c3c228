package dev.remit.server.decisions;

import dev.remit.kernel.state.StateRow;
import dev.remit.server.ledger.Governed;
import dev.remit.server.store.Tx;
import java.util.function.Consumer;

/// Which policy sets have passed the gate, for comparison with the ledger: table `policy_gate`. A
/// row that nobody recorded would let a set in untried.
public final class GateRows implements Governed {

  @Override
  public void rows(Tx tx, Consumer<StateRow> each) {
    tx.each(
        """
        SELECT policies, compiled, reference, generated, recorded, incomparable, passed_at
          FROM policy_gate
        """,
        row ->
            each.accept(
                StateRow.of(
                        "policy-gate",
                        row.text("policies")
                            + " "
                            + row.text("compiled")
                            + " "
                            + row.text("reference"))
                    .with("generated", row.number("generated"))
                    .with("recorded", row.number("recorded"))
                    .with("incomparable", row.number("incomparable"))
                    .with("passedAt", row.instant("passed_at"))));
  }
}
