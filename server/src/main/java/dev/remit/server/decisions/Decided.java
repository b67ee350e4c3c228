package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import java.util.List;
import java.util.Set;

/// An answer, and the version of the policy set that gave it.
///
/// @param policies digest of the active policy set; the same texts and tools give the same digest
/// @param notified whom the policies that decided want told
/// @param shadow what policies in shadow would have changed; usually empty
public record Decided(
    Decision decision, Digest policies, Set<Role> notified, List<Shadowed> shadow) {

  public Decided {
    notified = Set.copyOf(notified);
    shadow = List.copyOf(shadow);
  }

  public Decided(Decision decision, Digest policies) {
    this(decision, policies, Set.of(), List.of());
  }

  /// The same, but for the answer.
  public Decided with(Decision other) {
    return new Decided(other, policies, notified, shadow);
  }
}
