package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import java.time.Instant;

/// Passed gates at rest: table `policy_gate`. Each is written together with the ledger entry that
/// says so, by the first node that activates the set.
final class StoredPasses implements PassedGates {
  private final Database database;
  private final Ledger ledger;

  StoredPasses(Database database, Ledger ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  @Override
  public boolean contains(Digest policies, EngineVersions engines) {
    return database.transact(tx -> stands(tx, policies, engines));
  }

  private static boolean stands(Tx tx, Digest policies, EngineVersions engines) {
    return tx.one(
            """
            SELECT passed_at
              FROM policy_gate
             WHERE policies = ? AND compiled = ? AND reference = ?
            """,
            row -> row.instant("passed_at"),
            policies.value(),
            engines.compiled(),
            engines.reference())
        .isPresent();
  }

  @Override
  public void add(Pass pass, Instant now) {
    ledger.transact(recording -> {
      if (stands(recording.tx(), pass.policies(), pass.engines())) {
        return false;
      }
      recording
          .tx()
          .update(
              """
              INSERT INTO policy_gate
                     (policies, compiled, reference, generated, recorded, incomparable, passed_at)
              VALUES (?, ?, ?, ?, ?, ?, ?)
              ON CONFLICT DO NOTHING
              """,
              pass.policies().value(),
              pass.engines().compiled(),
              pass.engines().reference(),
              pass.generated(),
              pass.recorded(),
              pass.incomparable(),
              now);
      recording.append(
          Entry.of(EntryType.POLICY_GATED, now)
              .with("policies", pass.policies())
              .with("compiled", pass.engines().compiled())
              .with("reference", pass.engines().reference())
              .with("generated", pass.generated())
              .with("recorded", pass.recorded())
              .with("incomparable", pass.incomparable()));
      return true;
    });
  }
}
