package dev.remit.server.decisions;

import dev.remit.kernel.identity.PolicyName;

/// That a policy in shadow would have changed a decision.
///
/// @param would what the decision would have been: `allow`, `deny`, …
public record Shadowed(PolicyName policy, String would) {

  /// Returns it as a ledger entry has it: `name: deny`.
  @Override
  public String toString() {
    return policy + ": " + would;
  }
}
