/// A witness: a small program, run by somebody else than the log's operator, that cosigns a log's
/// checkpoints as long as each continues the one before.
///
/// Start at [WitnessServer]; what it agrees to is judged by
/// [dev.remit.kernel.ledger.AddCheckpoint], what it remembers is [SeenCheckpoints]. Protocol: C2SP
/// tlog-witness; `docs/guides/witness.md`.
@NullMarked
package dev.remit.cli.witness;

import org.jspecify.annotations.NullMarked;
