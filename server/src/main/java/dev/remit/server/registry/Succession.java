package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who owns a workflow once its declared owner no longer can: the successor that it names, from the
/// same change on. Without one nobody does, and no token is issued for it.
///
/// What is declared stays as it was written; only who answers follows. So the files that declared
/// the workflow do not undo it at the next apply.
final class Succession {

  /// One workflow that has passed on.
  record Passed(Workflow workflow, PersonName from, PersonName to) {}

  private Succession() {}

  /// Returns `all`, each workflow with the owner who answers for it.
  static List<Declared> in(Collection<? extends Declared> all) {
    var people = people(all);
    var owned = new ArrayList<Declared>(all.size());
    for (var declared : all) {
      owned.add(declared instanceof Workflow workflow ? owned(workflow, people) : declared);
    }
    return List.copyOf(owned);
  }

  private static Workflow owned(Workflow workflow, Map<PersonName, Person> people) {
    var owner = people.get(workflow.owner());
    if (owner == null || owner.active() || workflow.successor().isEmpty()) {
      return workflow;
    }
    var successor = people.get(workflow.successor().get());
    return successor != null && successor.may(Role.OWNER)
        ? workflow.ownedBy(successor.name())
        : workflow;
  }

  /// Returns what passes on from one person to another by `proposal`, although nobody has declared
  /// another owner.
  static List<Passed> by(Proposal proposal) {
    var before = proposal.current().registered();
    var passed = new ArrayList<Passed>();
    for (var next : proposal.next().registered().workflows()) {
      boolean declared = next.owner().equals(declaredOwner(proposal, next).orElse(next.owner()));
      before
          .workflow(next.name())
          .filter(was -> !declared && !was.owner().equals(next.owner()))
          .ifPresent(was -> passed.add(new Passed(next, was.owner(), next.owner())));
    }
    return passed;
  }

  private static Optional<PersonName> declaredOwner(Proposal proposal, Workflow one) {
    var stored = proposal.next().active().get(new Ref(Kind.WORKFLOW, one.key()));
    return stored != null && stored.declared() instanceof Workflow declared
        ? Optional.of(declared.owner())
        : Optional.empty();
  }

  private static Map<PersonName, Person> people(Collection<? extends Declared> all) {
    var people = new HashMap<PersonName, Person>();
    for (var declared : all) {
      if (declared instanceof Person person) {
        people.put(person.name(), person);
      }
    }
    return people;
  }
}
