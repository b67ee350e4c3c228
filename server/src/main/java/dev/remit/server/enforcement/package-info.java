/// Whether policy is enforced. It is, unless two people have agreed to observe only, for a bounded
/// time.
///
/// Start at [Enforcement#observing]. Only policy can be switched off: tokens, standing, the scope
/// of the task, grants, pins and the kill switch hold whatever is said here. ADR 0082 says why.
@NullMarked
package dev.remit.server.enforcement;

import org.jspecify.annotations.NullMarked;
