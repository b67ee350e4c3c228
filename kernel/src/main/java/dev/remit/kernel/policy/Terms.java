package dev.remit.kernel.policy;

import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.Role;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// On which terms people may agree to what policy holds.
///
/// @param quorums every one of which has to be met; never empty
/// @param usesMax how many calls of the same kind in the same task may be agreed to at once, the
///   held one included; 1 where each is to be asked for
/// @param apart who may not agree, beside whoever asks and owns
public record Terms(Set<Quorum> quorums, int usesMax, Set<Duty> apart) {
  /// The most that a policy can leave to one answer.
  public static final int USES_MAX = 1_000;

  public Terms {
    quorums = Set.copyOf(quorums);
    apart = Set.copyOf(apart);
    if (quorums.isEmpty() || usesMax < 1 || usesMax > USES_MAX) {
      throw new IllegalArgumentException("terms ask somebody, for 1 to " + USES_MAX + " calls");
    }
  }

  /// One call, with somebody for each of `roles`; one person may stand for several.
  public static Terms of(Set<Role> roles) {
    return new Terms(
        roles.stream().map(role -> new Quorum(1, Set.of(role))).collect(Collectors.toSet()),
        1,
        Set.of());
  }

  /// These and others: whatever either asks for.
  public Terms and(Terms other) {
    var both = new HashSet<>(quorums);
    both.addAll(other.quorums);
    var all = new HashSet<>(apart);
    all.addAll(other.apart);
    return new Terms(both, Math.min(usesMax, other.usesMax), all);
  }

  /// Every role that somebody has to hold.
  public Set<Role> roles() {
    return quorums.stream()
        .flatMap(quorum -> quorum.roles().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Whether those who have agreed suffice.
  ///
  /// @param agreed the roles of each of them, one set for each person
  public boolean areMetBy(Collection<Set<Role>> agreed) {
    return quorums.stream().allMatch(quorum -> quorum.isMetBy(agreed));
  }
}
