package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A human known to the organisation, and the roles they hold in Remit.
///
/// @param email where the organisation reaches them; no two people share one
/// @param subject their `sub` at the organisation's identity provider; no two people share one
/// @param active false once they have left; nobody who left owns, approves or signs in
/// @param accountOf the person whose further account this is: the two are never two people
/// @param absent when they are away, and not reminded
/// @param delegates who stands in for them, in what and when
public record Person(
    PersonName name,
    String displayName,
    Optional<String> email,
    Optional<String> subject,
    Set<Role> roles,
    boolean active,
    Optional<PersonName> accountOf,
    Optional<Period> absent,
    List<Delegate> delegates)
    implements Declared {

  public Person {
    roles = Set.copyOf(roles);
    delegates = List.copyOf(delegates);
  }

  /// Somebody with one account, who is here and for whom nobody stands in.
  public Person(
      PersonName name,
      String displayName,
      Optional<String> email,
      Optional<String> subject,
      Set<Role> roles,
      boolean active) {
    this(
        name,
        displayName,
        email,
        subject,
        roles,
        active,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /// A time with two ends.
  ///
  /// @param until first instant that is not part of it; after `from`
  public record Period(Instant from, Instant until) {
    public Period {
      if (!from.isBefore(until)) {
        throw new IllegalArgumentException("a period ends after it begins");
      }
    }

    public boolean holds(Instant now) {
      return !now.isBefore(from) && now.isBefore(until);
    }
  }

  /// Somebody who answers in this person's place, under their own name.
  ///
  /// @param roles those of this person that they answer with; never empty
  public record Delegate(PersonName to, Set<Role> roles, Period period) {
    public Delegate {
      roles = Set.copyOf(roles);
    }
  }

  /// Whether the person is here and holds `role`.
  public boolean may(Role role) {
    return active && roles.contains(role);
  }

  public boolean isAbsent(Instant now) {
    return absent.filter(period -> period.holds(now)).isPresent();
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
