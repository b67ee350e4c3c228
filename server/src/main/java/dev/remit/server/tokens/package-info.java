/// Gives a workload that proves who it is a token for one task, and takes it away again.
///
/// Start at [Tokens#check] (what each call asks) and [Standings] (the kill switch). Wire form:
/// `docs/formats/task-token.md`.
@NullMarked
package dev.remit.server.tokens;

import org.jspecify.annotations.NullMarked;
