package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/// Who may answer in whose place.
///
/// A delegate acts under their own name, with the roles of the person who named them that were
/// named, as long as that person is here and holds them. What somebody was delegated they cannot
/// delegate on: only roles that are held count.
public final class StandIns {
  private StandIns() {}

  /// With whose roles somebody answers.
  ///
  /// @param standsInFor nobody when they hold the roles themselves
  public record Capacity(Optional<PersonName> standsInFor) {
    public static final Capacity OWN = new Capacity(Optional.empty());
  }

  /// Returns in which capacity `person`, who holds `roles`, may answer what asks for all of `asked`
  /// and comes from `asker`; empty if in none.
  ///
  /// Nobody answers in the place of whoever asks, and nobody by way of another account of their
  /// own. Whether `person` is somebody else than `asker` is a question of its own ([TwoPeople]).
  public static Optional<Capacity> of(
      PersonName person,
      Set<Role> roles,
      Set<Role> asked,
      PersonName asker,
      Registered registered,
      Instant now) {
    if (roles.containsAll(asked)) {
      return Optional.of(Capacity.OWN);
    }
    return registered.people().stream()
        .filter(one -> one.active() && lends(one, person, roles, asked, now))
        .map(Person::name)
        .filter(name ->
            TwoPeople.are(name, asker, registered) && TwoPeople.are(name, person, registered))
        .min(Comparator.naturalOrder())
        .map(name -> new Capacity(Optional.of(name)));
  }

  /// Whether `one` lends `person` what they lack of `asked`.
  private static boolean lends(
      Person one, PersonName person, Set<Role> roles, Set<Role> asked, Instant now) {
    return one.delegates().stream()
        .filter(delegate -> delegate.to().equals(person) && delegate.period().holds(now))
        .anyMatch(delegate ->
            asked.stream()
                .allMatch(role ->
                    roles.contains(role)
                        || (delegate.roles().contains(role) && one.roles().contains(role))));
  }
}
