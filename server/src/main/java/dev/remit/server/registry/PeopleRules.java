package dev.remit.server.registry;

import dev.remit.kernel.identity.Role;
import java.time.Duration;

/// What must hold of a person's accounts, absences and delegates.
final class PeopleRules {
  private final Registered next;
  private final Flaws flaws;
  private final Duration delegationMax;

  private PeopleRules(Proposal proposal, Flaws flaws, Duration delegationMax) {
    this.next = proposal.next().registered();
    this.flaws = flaws;
    this.delegationMax = delegationMax;
  }

  static void check(Proposal proposal, RegistryConfig config, Flaws flaws) {
    var rules = new PeopleRules(proposal, flaws, config.delegationMax());
    rules.next.people().forEach(rules::checkAccount);
    rules.next.people().forEach(rules::checkDelegates);
  }

  private void checkAccount(Person person) {
    var of = person.accountOf();
    if (of.isEmpty()) {
      return;
    }
    boolean self = of.get().equals(person.name());
    boolean chained = next.person(of.get()).flatMap(Person::accountOf).isPresent();
    if (self || chained) {
      flaws.always(
          "R172",
          ref(person),
          "accountOf",
          self
              ? "person `" + person.name() + "` would be an account of their own"
              : "`" + of.get() + "` is itself an account of somebody",
          "name the person, whose entry has no `accountOf`");
    }
  }

  private void checkDelegates(Person person) {
    for (int i = 0; i < person.delegates().size(); i++) {
      var path = "delegates[" + i + "]";
      checkDelegate(person, person.delegates().get(i), path);
    }
  }

  private void checkDelegate(Person person, Person.Delegate delegate, String path) {
    if (!TwoPeople.are(person.name(), delegate.to(), next)) {
      flaws.always(
          "R172",
          ref(person),
          path + ".to",
          "`" + delegate.to() + "` and `" + person.name() + "` are one person",
          "name somebody else");
    }
    if (next.person(delegate.to()).filter(to -> !to.active()).isPresent()) {
      flaws.whenTouched(
          "R8",
          ref(person),
          path + ".to",
          "`" + delegate.to() + "`, who would stand in for `" + person.name() + "`, has left",
          "name somebody who is here");
    }
    for (var role : delegate.roles()) {
      if (!person.roles().contains(role)) {
        flaws.always(
            "R172",
            ref(person),
            path + ".roles",
            "`" + person.name() + "` does not hold the role `" + role.word() + "` to lend it",
            "lend roles that the person holds; what was lent cannot be lent on");
      } else if (role != Role.APPROVER && role != Role.OWNER && role != Role.SECURITY) {
        flaws.always(
            "R172",
            ref(person),
            path + ".roles",
            "the role `" + role.word() + "` cannot be lent",
            "lend `approver`, `owner` or `security`");
      }
    }
    var period = delegate.period();
    if (period.until().isAfter(period.from().plus(delegationMax))) {
      flaws.whenTouched(
          "R172",
          ref(person),
          path + ".until",
          "`"
              + delegate.to()
              + "` would stand in for more than "
              + delegationMax.toDays()
              + " days",
          "end it earlier (`registry.delegationMax`), or give them the role");
    }
  }

  private static Ref ref(Person person) {
    return new Ref(Kind.PERSON, person.key());
  }
}
