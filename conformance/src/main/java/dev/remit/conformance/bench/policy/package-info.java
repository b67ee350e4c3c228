/// How much CPU one decision costs, beside cedar-java.
///
/// Start at [PolicyBench].
@NullMarked
package dev.remit.conformance.bench.policy;

import org.jspecify.annotations.NullMarked;
