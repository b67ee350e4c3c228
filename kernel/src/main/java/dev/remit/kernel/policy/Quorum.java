package dev.remit.kernel.policy;

import dev.remit.kernel.identity.Role;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// How many people must agree, and which roles they must hold between them.
///
/// @param people different people, 1 to [#PEOPLE_MAX], each of whom holds at least one of the roles
/// @param roles each of which at least one of them must hold; never empty
public record Quorum(int people, Set<Role> roles) {
  public static final int PEOPLE_MAX = 5;

  public Quorum {
    roles = Set.copyOf(roles);
    if (roles.isEmpty() || people < 1 || people > PEOPLE_MAX) {
      throw new IllegalArgumentException("a quorum is 1 to " + PEOPLE_MAX + " people with a role");
    }
  }

  /// Whether those who have agreed suffice.
  ///
  /// @param agreed the roles of each of them, one set for each person
  public boolean isMetBy(Collection<Set<Role>> agreed) {
    int count = 0;
    var missing = new TreeSet<>(roles);
    for (var held : agreed) {
      if (held.stream().anyMatch(roles::contains)) {
        count++;
        missing.removeAll(held);
      }
    }
    return count >= people && missing.isEmpty();
  }

  /// Returns how it is said: `2 people with approver, security`.
  @Override
  public String toString() {
    var named = roles.stream().map(Role::word).sorted().collect(Collectors.joining(", "));
    return people == 1 ? "a person with " + named : people + " people with " + named;
  }
}
