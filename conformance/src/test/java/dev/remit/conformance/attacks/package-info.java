/// What somebody tries who wants more than they were given: forged, stolen, replayed and stretched
/// proofs and tokens, against a built server seen from outside. Start at [Attack].
@NullMarked
package dev.remit.conformance.attacks;

import org.jspecify.annotations.NullMarked;
