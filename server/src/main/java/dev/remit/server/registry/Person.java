package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.util.Optional;
import java.util.Set;

/// A human known to the organisation, and the roles they hold in Remit.
///
/// @param email where the organisation reaches them; no two people share one
/// @param subject their `sub` at the organisation's identity provider; no two people share one
/// @param active false once they have left; nobody who left owns, approves or signs in
public record Person(
    PersonName name,
    String displayName,
    Optional<String> email,
    Optional<String> subject,
    Set<Role> roles,
    boolean active)
    implements Declared {

  public Person {
    roles = Set.copyOf(roles);
  }

  /// Whether the person is here and holds `role`.
  public boolean may(Role role) {
    return active && roles.contains(role);
  }

  @Override
  public Kind kind() {
    return Kind.PERSON;
  }

  @Override
  public String key() {
    return name.value();
  }
}
