package dev.remit.server.registry;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which changes wait for a second person, and who that may be.
///
/// Under `production` it is what a workflow in production rests on, before or after the change: its
/// declaration, its identities with their models, their grants, the resources and tools of these;
/// and every policy, class of data and person, since any of them may decide, and whoever can
/// declare people alone has a second pair of eyes.
final class FourEyes {
  private static final int NAMED_MAX = 3;

  private FourEyes() {}

  /// Returns why `proposal` needs a second person, in words; empty if it does not.
  static Optional<String> why(Proposal proposal, RegistryConfig config) {
    if (!proposal.changesSomething()) {
      return Optional.empty();
    }
    return switch (config.secondPerson()) {
      case NEVER -> Optional.empty();
      case ALWAYS -> always(proposal);
      case PRODUCTION -> production(proposal);
    };
  }

  /// Until somebody is declared who could agree, one person declares the others.
  private static Optional<String> always(Proposal proposal) {
    var production = production(proposal);
    return production.isEmpty() && !hasOther(proposal)
        ? Optional.empty()
        : Optional.of(production.orElse("every change takes two people here"));
  }

  private static Optional<String> production(Proposal proposal) {
    var before = new Rests(proposal.current().registered());
    var after = new Rests(proposal.next().registered());
    var touched =
        proposal.changes().stream()
            .filter(change -> !change.isNone() && !AuthorityRules.isOwnAbsence(change, proposal))
            .map(Change::ref)
            .filter(ref ->
                touches(before, proposal.current(), ref) || touches(after, proposal.next(), ref))
            .toList();
    return touched.isEmpty()
        ? Optional.empty()
        : Optional.of("production rests on " + named(touched));
  }

  private static boolean touches(Rests rests, State state, Ref ref) {
    var stored = state.active().get(ref);
    return rests.isOn(Optional.ofNullable(stored).map(Stored::declared));
  }

  private static String named(List<Ref> refs) {
    var some = refs.stream().limit(NAMED_MAX).map(Ref::said).collect(Collectors.joining(", "));
    return refs.size() > NAMED_MAX ? some + " and " + (refs.size() - NAMED_MAX) + " more" : some;
  }

  /// Refuses what nobody but the author could agree to.
  static void check(Proposal proposal, RegistryConfig config, Flaws flaws) {
    if (why(proposal, config).isPresent() && !hasOther(proposal)) {
      var first = proposal.changes().stream().filter(change -> !change.isNone()).findFirst();
      flaws.always(
          "R172",
          first.orElseThrow().ref(),
          "",
          "this takes a second person, and nobody but `"
              + proposal.author().name()
              + "` could agree",
          "declare another person with role `security` or `admin` before anything is in production");
    }
  }

  private static boolean hasOther(Proposal proposal) {
    var current = proposal.current().registered();
    return current.people().stream()
        .filter(person -> person.active() && mayAgree(person.roles(), proposal.changes()))
        .anyMatch(person -> isOther(person.name(), proposal));
  }

  /// Whether `person` is not the author of `proposal`, before or after it.
  static boolean isOther(PersonName person, Proposal proposal) {
    return isOther(person, proposal.author().name(), proposal.current().registered());
  }

  static boolean isOther(PersonName person, PersonName author, Registered registered) {
    return TwoPeople.are(person, author, registered);
  }

  /// Whether somebody with `roles` may agree to `changes`: who keeps security or administers, and
  /// whoever could have made all of them.
  static boolean mayAgree(Set<Role> roles, List<Change> changes) {
    return roles.contains(Role.SECURITY)
        || roles.contains(Role.ADMIN)
        || changes.stream()
            .filter(change -> !change.isNone())
            .allMatch(change -> AuthorityRules.mayChange(roles, change.ref().kind()));
  }

  /// What workflows in production rest on, in one state.
  private static final class Rests {
    private final Registered registered;
    private final boolean any;

    Rests(Registered registered) {
      this.registered = registered;
      this.any = registered.workflows().stream().anyMatch(one -> one.stage() == Stage.PRODUCTION);
    }

    /// @param declared what it is in this state, if it is there
    boolean isOn(Optional<Declared> declared) {
      if (!any || declared.isEmpty()) {
        return false;
      }
      return switch (declared.get()) {
        case Person _, DataClass _, PolicyText _ -> true;
        case Workflow workflow -> workflow.stage() == Stage.PRODUCTION;
        case Identity identity -> isInProduction(identity.name());
        case Grant grant -> isInProduction(grant.identity());
        case Resource resource -> isGranted(new Ref(Kind.RESOURCE, resource.key()));
        case Tool tool -> isGranted(new Ref(Kind.RESOURCE, tool.name().resource().value()));
        case Model model ->
            registered.identities().stream()
                .filter(one -> one.model().filter(model.name()::equals).isPresent())
                .anyMatch(one -> isInProduction(one.name()));
      };
    }

    private boolean isGranted(Ref resource) {
      return registered.grants().stream()
          .filter(grant -> grant.resource().value().equals(resource.name()))
          .anyMatch(grant -> isInProduction(grant.identity()));
    }

    private boolean isInProduction(IdentityName name) {
      return registered
          .identity(name)
          .flatMap(identity -> registered.workflow(identity.workflow()))
          .filter(workflow -> workflow.stage() == Stage.PRODUCTION)
          .isPresent();
    }
  }
}
