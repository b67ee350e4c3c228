package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import java.util.Set;

/// An answer, and the version of the policy set that gave it.
///
/// @param policies digest of the active policy set; the same texts and tools give the same digest
/// @param notified whom the policies that decided want told
public record Decided(Decision decision, Digest policies, Set<Role> notified) {

  public Decided {
    notified = Set.copyOf(notified);
  }

  public Decided(Decision decision, Digest policies) {
    this(decision, policies, Set.of());
  }

  /// The same, but for the answer.
  public Decided with(Decision other) {
    return new Decided(other, policies, notified);
  }
}
