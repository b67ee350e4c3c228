package dev.remit.kernel.policy;

/// One part of a policy's conditions that is true or false by itself: a conjunct of its `when`, an
/// `unless`, or an operand of `&&` and `||` within one.
///
/// @param place its number within the policy, from 0, in the order of the text
/// @param text as Cedar source, in the evaluator's own spelling
/// @param depth 0 for what must hold, 1 and more for what that is made of
/// @param constant whether it has the same answer for every request
public record Condition(int place, String text, int depth, boolean constant) {}
