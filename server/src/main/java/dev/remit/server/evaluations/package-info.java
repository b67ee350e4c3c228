/// Tests what a model, or a whole agent, does when somebody wants it to do wrong, and compares it
/// with the version that was approved before.
///
/// A plan is frozen before the first question; each answer is durable once; the verdict follows
/// from what is stored, by [dev.remit.kernel.comparison]. A verdict here is about how safely a
/// model answers. It is never evidence of what its identity may do: that is what grants, policies
/// and the promotion gate say, and neither stands for the other (ADR 0163).
///
/// Start at [Evaluations]; one run is [Run], the drift of a model in use [Drift].
@NullMarked
package dev.remit.server.evaluations;

import org.jspecify.annotations.NullMarked;
