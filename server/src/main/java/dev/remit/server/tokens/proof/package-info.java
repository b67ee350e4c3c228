/// Finds out which registered identity a workload is, from what its platform or its own key says.
///
/// Start at [Proofs]. Knows nothing of tasks and tokens: it answers who somebody is, never what
/// they may do.
@NullMarked
package dev.remit.server.tokens.proof;

import org.jspecify.annotations.NullMarked;
