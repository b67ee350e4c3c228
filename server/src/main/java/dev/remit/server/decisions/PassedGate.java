package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.store.Database;
import java.time.Instant;
import java.util.Optional;

/// What a policy set was tried on before it could decide, when both engines gave the same answers.
///
/// @param generated requests made for the set
/// @param recorded decisions that were really made
/// @param incomparable requests left out, since they hold a value that Cedar has no form for
public record PassedGate(long generated, long recorded, long incomparable, Instant at) {

  /// Returns the newest gate that the set of this version has passed; empty if it has no policies,
  /// or passed in a process that could not write it down yet.
  public static Optional<PassedGate> of(Database database, Digest policies) {
    return database.transact(tx ->
        tx.one(
            """
            SELECT generated, recorded, incomparable, passed_at FROM policy_gate
             WHERE policies = ? ORDER BY passed_at DESC LIMIT 1
            """,
            row ->
                new PassedGate(
                    row.number("generated"),
                    row.number("recorded"),
                    row.number("incomparable"),
                    row.instant("passed_at")),
            policies.value()));
  }
}
