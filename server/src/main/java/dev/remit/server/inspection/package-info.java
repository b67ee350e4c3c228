/// Looks at what flows through and says whether a secret or a planted canary is in it: prompts,
/// arguments, answers and results.
///
/// The core ([Scanner] and what it uses) is pure: bytes in, [Exposed] out, in one pass. Beside it,
/// [Canaries] are planted and retired by people, and [Inspection] keeps what is known and notes
/// what was seen. What becomes of a finding is for policy: see the gateway. Nothing here ever
/// repeats a secret, neither in a finding nor in an entry. Reasons: ADR 0145 and 0146.
@NullMarked
package dev.remit.server.inspection;

import org.jspecify.annotations.NullMarked;
