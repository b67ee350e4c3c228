package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Lifting;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An answer, and the version of the policy set that gave it.
///
/// @param policies digest of the active policy set; the same texts and tools give the same digest
/// @param notified whom the policies that decided want told
/// @param shadow what policies in shadow would have changed; usually empty
/// @param observed by which wish of two people the answer is only observed and not enforced; empty,
///   as almost always, when it is enforced
public record Decided(
    Decision decision,
    Digest policies,
    Set<Role> notified,
    List<Shadowed> shadow,
    Optional<Lifting> observed) {

  public Decided {
    notified = Set.copyOf(notified);
    shadow = List.copyOf(shadow);
  }

  /// One that is enforced.
  public Decided(Decision decision, Digest policies, Set<Role> notified, List<Shadowed> shadow) {
    this(decision, policies, notified, shadow, Optional.empty());
  }

  /// One that is enforced, of which nobody is told and that no policy in shadow would change.
  public Decided(Decision decision, Digest policies) {
    this(decision, policies, Set.of(), List.of());
  }

  /// The same, but for the answer.
  public Decided with(Decision other) {
    return new Decided(other, policies, notified, shadow, observed);
  }

  /// The same, but not enforced.
  public Decided observedBy(Lifting id) {
    return new Decided(decision, policies, notified, shadow, Optional.of(id));
  }

  /// The same, but enforced.
  public Decided enforced() {
    return new Decided(decision, policies, notified, shadow, Optional.empty());
  }

  /// Whether what was asked goes on, whatever the decision says.
  public boolean isObserved() {
    return observed.isPresent();
  }
}
