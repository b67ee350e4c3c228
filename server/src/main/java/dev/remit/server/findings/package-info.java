/// What looks wrong, why, how bad it is and who must act.
///
/// Start at [Findings#raise]. A finding that is seen again is the same finding, counted once more;
/// the ledger says when it was raised, and when somebody closed it. What is seen after that is
/// raised as another one. Findings hold no content of calls.
@NullMarked
package dev.remit.server.findings;

import org.jspecify.annotations.NullMarked;
