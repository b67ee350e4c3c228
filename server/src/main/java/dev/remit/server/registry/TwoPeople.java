package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether two names are two humans: the one question wherever two people are demanded, so that
/// nobody agrees through a second account to what they asked for with the first.
///
/// One human are: the same name; an account and the person whose account it is (`accountOf`); two
/// accounts of one person; two people with one e-mail address, or one subject at the identity
/// provider.
public final class TwoPeople {
  private TwoPeople() {}

  /// Whether `one` and `other` are two humans, as declared in `registered`.
  public static boolean are(PersonName one, PersonName other, Registered registered) {
    if (one.equals(other)) {
      return false;
    }
    var accounts = accounts(one, registered);
    var others = accounts(other, registered);
    return accounts.stream().noneMatch(others::contains)
        && people(accounts, registered)
            .noneMatch(a -> people(others, registered).anyMatch(b -> haveOneLogin(a, b)));
  }

  /// The name itself, and whose account it is.
  private static Set<PersonName> accounts(PersonName name, Registered registered) {
    return Stream.concat(
            Stream.of(name), registered.person(name).flatMap(Person::accountOf).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<Person> people(Set<PersonName> names, Registered registered) {
    return names.stream().map(registered::person).flatMap(Optional::stream);
  }

  private static boolean haveOneLogin(Person one, Person other) {
    return one.email()
            .filter(mail -> other.email().filter(mail::equalsIgnoreCase).isPresent())
            .isPresent()
        || one.subject().filter(id -> other.subject().filter(id::equals).isPresent()).isPresent();
  }
}
