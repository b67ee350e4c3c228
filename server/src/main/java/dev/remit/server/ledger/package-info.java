/// The tamper-evident record: appends entries durably, grows the Merkle tree over them, signs
/// checkpoints, serves proofs.
///
/// Start at [Ledger] to write and at [LedgerReader] to read; `Sequencer` is the commit protocol,
/// told in order with its crash points. The mathematics is in [dev.remit.kernel.ledger]. Formats:
/// `docs/formats/ledger-entry.md`, `checkpoint.md`, `receipt.md`.
@NullMarked
package dev.remit.server.ledger;

import org.jspecify.annotations.NullMarked;
