/// What two versions' answers to the same cases show about the newer one, and when a fixed set of
/// probes has begun to fail more often than was approved.
///
/// Pure mathematics without a clock, so an auditor recomputes every verdict from the counts in the
/// ledger. Nothing here averages over axes: a gain on one never pays for a loss on another.
///
/// Start at [AxisVerdict#of]; the sequential option is [Wager], drift is [DriftDetector]. Methods
/// and what was refused: ADR 0160.
@NullMarked
package dev.remit.kernel.comparison;

import org.jspecify.annotations.NullMarked;
