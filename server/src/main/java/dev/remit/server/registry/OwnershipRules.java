package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.util.HashMap;

/// Somebody answers for everything, and somebody can always administer Remit.
final class OwnershipRules {
  private OwnershipRules() {}

  static void check(Proposal proposal, Flaws flaws) {
    var next = proposal.next().registered();
    for (var workflow : next.workflows()) {
      checkOwner(next, workflow, flaws);
    }
    for (var grant : next.grants()) {
      checkApprover(next, grant, flaws);
    }
    checkPeople(next, flaws);
    checkAdministrator(proposal, flaws);
  }

  private static void checkOwner(Registered next, Workflow workflow, Flaws flaws) {
    var ref = new Ref(Kind.WORKFLOW, workflow.key());
    var owner = next.person(workflow.owner());
    checkSuccessor(next, workflow, flaws);
    if (owner.isPresent() && !owner.get().may(Role.OWNER)) {
      flaws.whenTouched(
          "R8",
          ref,
          "owner",
          "the owner of " + ref.said() + ", `" + workflow.owner() + "`, " + why(owner.get()),
          "name an active person with role `owner`, or give them the role");
    }
    var sponsor = workflow.sponsor().flatMap(next::person);
    if (sponsor.isPresent() && !sponsor.get().active()) {
      flaws.whenTouched(
          "R8",
          ref,
          "sponsor",
          "the sponsor of " + ref.said() + ", `" + sponsor.get().name() + "`, has left",
          "name another sponsor, or none");
    }
  }

  private static void checkSuccessor(Registered next, Workflow workflow, Flaws flaws) {
    var successor = workflow.successor().flatMap(next::person);
    if (successor.isPresent() && !successor.get().may(Role.OWNER)) {
      var ref = new Ref(Kind.WORKFLOW, workflow.key());
      flaws.whenTouched(
          "R8",
          ref,
          "successor",
          "the successor for "
              + ref.said()
              + ", `"
              + successor.get().name()
              + "`, "
              + why(successor.get()),
          "name an active person with role `owner`, or none");
    }
  }

  private static void checkApprover(Registered next, Grant grant, Flaws flaws) {
    var ref = new Ref(Kind.GRANT, grant.key());
    var approver = next.person(grant.approvedBy());
    if (approver.isPresent() && !approver.get().may(Role.APPROVER)) {
      flaws.whenTouched(
          "R8",
          ref,
          "approvedBy",
          "`"
              + grant.approvedBy()
              + "` cannot have approved "
              + ref.said()
              + ": the person "
              + whyApprover(approver.get()),
          "have an active person with role `approver` agree, and name them");
    }
  }

  private static String why(Person person) {
    return person.active() ? "does not hold the role `owner`" : "has left";
  }

  private static String whyApprover(Person person) {
    return person.active() ? "does not hold the role `approver`" : "has left";
  }

  private static void checkPeople(Registered next, Flaws flaws) {
    var byEmail = new HashMap<String, PersonName>();
    var bySubject = new HashMap<String, PersonName>();
    for (var person :
        next.people().stream().sorted(java.util.Comparator.comparing(Person::name)).toList()) {
      var email = person.email().map(Principals::folded);
      var first = email.map(mail -> byEmail.putIfAbsent(mail, person.name()));
      if (first.isPresent()) {
        flaws.always(
            "form",
            new Ref(Kind.PERSON, person.key()),
            "email",
            "person `" + person.name() + "` has the e-mail address of person `" + first.get() + "`",
            "declare each human once");
      }
      // Somebody with two accounts could answer with the one what they asked for with the other.
      var same = person.subject().map(subject -> bySubject.putIfAbsent(subject, person.name()));
      if (same.isPresent()) {
        flaws.always(
            "form",
            new Ref(Kind.PERSON, person.key()),
            "subject",
            "person `"
                + person.name()
                + "` is person `"
                + same.get()
                + "` at the identity provider",
            "declare each human once");
      }
    }
  }

  private static void checkAdministrator(Proposal proposal, Flaws flaws) {
    boolean someone =
        proposal.next().registered().people().stream().anyMatch(person -> person.may(Role.ADMIN));
    if (someone) {
      return;
    }
    for (var change : proposal.changes()) {
      if (change.ref().kind() == Kind.PERSON && !change.isNone()) {
        flaws.always(
            "admin",
            change.ref(),
            "roles",
            "nobody active would hold the role `admin`",
            "leave the role with one active person");
      }
    }
  }
}
