package dev.remit.server.signals;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Finds whom of ours a transmitter means.
///
/// Under our own issuer, `sub` is a SPIFFE ID or a person's name; under the transmitter's, it is
/// what an identity's `authenticatesBy` or a person's `subject` says. `email` finds a person, `uri`
/// an identity by its SPIFFE ID, and `opaque` in a `session` a task. Of a complex subject the
/// narrowest part counts: the session before the application before the user. Anything else, and
/// anybody whom two people could be, is nobody.
///
/// Source: RFC 9493, section 3; OpenID Shared Signals Framework 1.0, section 3.
record Subjects(URI ours, Registered registered) {
  /// Whom nobody could let go on again.
  private static final PersonName ADMIN = new PersonName("admin");

  /// Whom an event is about.
  sealed interface Found {
    record OneIdentity(IdentityName name) implements Found {}

    record OnePerson(PersonName name) implements Found {}

    record OneTask(TaskId id) implements Found {}
  }

  Optional<Found> of(JsonNode subject, URI transmitter) {
    return switch (subject.path("format").asString("")) {
      case "iss_sub" ->
          issued(subject.path("iss").asString(""), subject.path("sub").asString(""), transmitter);
      case "email" -> email(subject.path("email").asString(""));
      case "uri" -> spiffe(subject.path("uri").asString(""));
      case "complex" ->
          session(subject.path("session"))
              .or(() -> of(subject.path("application"), transmitter))
              .or(() -> of(subject.path("user"), transmitter));
      // Another identifier, or none.
      default -> Optional.empty();
    };
  }

  private Optional<Found> issued(String issuer, String sub, URI transmitter) {
    if (issuer.equals(ours.toString())) {
      return spiffe(sub)
          .or(() ->
              read(sub, PersonName::new)
                  .flatMap(name -> registered.person(name))
                  .flatMap(Subjects::person));
    }
    // Nobody speaks for the subjects of another issuer than itself.
    if (!issuer.equals(transmitter.toString())) {
      return Optional.empty();
    }
    return registered
        .identity(transmitter, sub)
        .<Found>map(identity -> new Found.OneIdentity(identity.name()))
        .or(() -> only(person -> person.subject(), sub::equals));
  }

  private Optional<Found> email(String email) {
    return only(person -> person.email(), email::equalsIgnoreCase);
  }

  private Optional<Found> only(Function<Person, Optional<String>> said, Predicate<String> same) {
    var people =
        registered.people().stream()
            .filter(person -> said.apply(person).filter(same).isPresent())
            .toList();
    return people.size() == 1 ? person(people.getFirst()) : Optional.empty();
  }

  private Optional<Found> spiffe(String text) {
    return read(text, SpiffeId::new)
        .flatMap(registered::identity)
        .map(identity -> new Found.OneIdentity(identity.name()));
  }

  private static Optional<Found> session(JsonNode session) {
    return session.path("format").asString("").equals("opaque")
        ? read(session.path("id").asString(""), TaskId::new).map(Found.OneTask::new)
        : Optional.empty();
  }

  private static Optional<Found> person(Person person) {
    return person.name().equals(ADMIN)
        ? Optional.empty()
        : Optional.of(new Found.OnePerson(person.name()));
  }

  private static <T> Optional<T> read(String text, Function<String, T> type) {
    try {
      return Optional.of(type.apply(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
