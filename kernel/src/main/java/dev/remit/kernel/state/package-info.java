/// Replays the ledger against the tables: who is declared, what was approved, which keys there are
/// must be what the entries say, row by row.
///
/// Pure: entries in, expected rows out; rows in, disagreements out. The server reads its tables,
/// `remit verify --state` compares them, and both share nothing but these classes.
///
/// Start at [StateAudit]. What is replayed and what a row looks like: `docs/formats/state.md`.
@NullMarked
package dev.remit.kernel.state;

import org.jspecify.annotations.NullMarked;
