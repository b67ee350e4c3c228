package dev.remit.server.notifications;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import dev.remit.server.registry.Workflow;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whom a message is for, as people are declared now. Who is away is not told; their delegates are.
final class Recipients {
  private final Registered registered;
  private final Instant now;

  Recipients(Registered registered, Instant now) {
    this.registered = registered;
    this.now = now;
  }

  /// Who holds any of `roles`, but for `asker`.
  Set<PersonName> whoHolds(Set<Role> roles, Optional<PersonName> asker) {
    return registered.people().stream()
        .filter(person -> person.active() && person.roles().stream().anyMatch(roles::contains))
        .flatMap(person -> present(person, roles))
        .filter(name -> asker.map(other -> TwoPeople.are(name, other, registered)).orElse(true))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// The person, or who stands in for them with one of `roles` while they are away.
  private Stream<PersonName> present(Person person, Set<Role> roles) {
    if (!person.isAbsent(now)) {
      return Stream.of(person.name());
    }
    return person.delegates().stream()
        .filter(one -> one.period().holds(now) && one.roles().stream().anyMatch(roles::contains))
        .flatMap(one -> registered.person(one.to()).stream())
        .filter(to -> to.active() && !to.isAbsent(now))
        .map(Person::name);
  }

  /// One person, or who stands in for them.
  Set<PersonName> only(PersonName name) {
    return registered.person(name).stream()
        .filter(Person::active)
        .flatMap(person -> present(person, Set.of(Role.values())))
        .collect(Collectors.toUnmodifiableSet());
  }

  Optional<Workflow> workflow(String name) {
    return name.isEmpty() ? Optional.empty() : registered.workflow(new WorkflowName(name));
  }

  Set<PersonName> ownerOf(String workflow) {
    return workflow(workflow).map(one -> only(one.owner())).orElse(Set.of());
  }
}
