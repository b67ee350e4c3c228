/// What can be said of Remit from outside, against a built server: the tour, the benchmarks, the
/// official conformance tables, and the harness that black-box tests share.
///
/// Sees only the kernel. Start at [Main].
@NullMarked
package dev.remit.conformance;

import org.jspecify.annotations.NullMarked;
