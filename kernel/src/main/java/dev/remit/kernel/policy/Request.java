package dev.remit.kernel.policy;

/// One question to policy: may this principal take this action on this resource, in this context?
public record Request(
    EntityUid principal, EntityUid action, EntityUid resource, Value.Members context) {
  /// The member of the context that says whether a person has agreed.
  public static final String APPROVED = "approved";

  /// Returns the same request as if a person had agreed to it.
  public Request approved() {
    return new Request(principal, action, resource, context.with(APPROVED, Value.Bool.TRUE));
  }
}
