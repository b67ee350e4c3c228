package dev.remit.kernel.policy;

/// A permit that covers the request's principal, action and resource, but whose condition did not
/// hold.
///
/// @param condition Cedar text of the first conjunct that kept it from permitting; the policy's own
///   words, so it holds no value of the request
public record NearMiss(PolicyId policy, String condition) {}
