/// The mathematics of the ledger: what an entry's bytes are, how they form a Merkle tree, what a
/// checkpoint says and how a receipt is checked.
///
/// Pure: no clock, no database, no key material. The server appends with it, the command line and
/// an auditor verify with it, and both read the same classes.
///
/// Start at [Entry] for what is recorded, [Frontier] and [Batch] for how the tree grows, [Receipt]
/// for what a caller keeps and [LedgerAudit] for how a whole ledger is verified. Bytes, limits and
/// sources: `docs/formats/ledger-entry.md`, `checkpoint.md` and `receipt.md`.
@NullMarked
package dev.remit.kernel.ledger;

import org.jspecify.annotations.NullMarked;
