package dev.remit.kernel.policy;

/// A policy that could not be evaluated on one request, and why.
///
/// @param message lower case, names the operation and the types found, never a value of the request
public record PolicyError(PolicyId policy, String message) {}
