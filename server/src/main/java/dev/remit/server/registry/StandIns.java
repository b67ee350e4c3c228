package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Who may answer in whose place.
///
/// A delegate acts under their own name, with the roles of the person who named them that were
/// named, as long as that person is here and holds them. What somebody was delegated they cannot
/// delegate on: only roles that are held count.
public final class StandIns {
  private StandIns() {}

  /// Roles that somebody answers with in another's place.
  ///
  /// @param by whose roles they are
  /// @param roles those of them that are asked for; never empty
  public record Lent(PersonName by, Set<Role> roles) {
    public Lent {
      roles = Set.copyOf(roles);
    }
  }

  /// Returns what somebody lends `person` of `asked`; empty if nobody does, or `person` holds one
  /// of them. Of several who do it is the first by name.
  ///
  /// @param own the roles that `person` holds
  /// @param mayAnswer whether somebody could answer this themselves; nobody stands in for who could
  ///   not, above all for whoever asks
  public static Optional<Lent> to(
      PersonName person,
      Set<Role> own,
      Set<Role> asked,
      Predicate<PersonName> mayAnswer,
      Registered registered,
      Instant now) {
    if (asked.stream().anyMatch(own::contains)
        || registered.person(person).filter(Person::active).isEmpty()) {
      return Optional.empty();
    }
    return registered.people().stream()
        .filter(Person::active)
        .filter(one -> TwoPeople.are(one.name(), person, registered))
        .map(one -> new Lent(one.name(), lent(one, person, asked, now)))
        .filter(lent -> !lent.roles().isEmpty() && mayAnswer.test(lent.by()))
        .min(Comparator.comparing(Lent::by));
  }

  private static Set<Role> lent(Person one, PersonName person, Set<Role> asked, Instant now) {
    return one.delegates().stream()
        .filter(delegate -> delegate.to().equals(person) && delegate.period().holds(now))
        .flatMap(delegate -> delegate.roles().stream())
        .filter(role -> asked.contains(role) && one.roles().contains(role))
        .collect(Collectors.toUnmodifiableSet());
  }
}
