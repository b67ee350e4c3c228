package dev.remit.kernel.policy;

/// One question to policy: may this principal take this action on this resource, in this context?
public record Request(
    EntityUid principal, EntityUid action, EntityUid resource, Value.Members context) {}
