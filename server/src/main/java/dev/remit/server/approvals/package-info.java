/// Held calls and people's answers.
///
/// A policy can make a call wait until a person agrees. The row written here is the authority; the
/// protocol only carries it. Start at [Approvals]; the rule of who may answer is [Approval#settle],
/// what is kept of a call that was made is [Executed]. `docs/adr/0052-holds.md` says why.
@NullMarked
package dev.remit.server.approvals;

import org.jspecify.annotations.NullMarked;
