/// A built Remit as a black box: start its process, act on it as a person, be a workload of it.
///
/// Used by the tour, the benchmarks and the black-box tests. Start at [RemitProcess].
@NullMarked
package dev.remit.conformance.harness;

import org.jspecify.annotations.NullMarked;
