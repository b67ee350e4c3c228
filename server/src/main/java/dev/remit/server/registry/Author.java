package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.util.Set;

/// The person who asks for a change, with the roles they hold now.
public record Author(PersonName name, Set<Role> roles) {
  static Author of(Person person) {
    return new Author(person.name(), person.roles());
  }

  public Author {
    roles = Set.copyOf(roles);
  }
}
