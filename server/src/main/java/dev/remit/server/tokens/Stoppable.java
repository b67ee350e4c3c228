package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ProblemException;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// What can be stopped, and whose word is enough for that: security's and administrators' for
/// anything, an owner's for what belongs to their workflows. Whoever may stop a thing may ask for
/// it to go on, and may agree when somebody else has asked.
final class Stoppable {
  static final Set<Role> ANYTHING = Set.of(Role.SECURITY, Role.ADMIN);
  private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final Supplier<Registered> registered;
  private final Standings standings;

  Stoppable(Supplier<Registered> registered, Standings standings) {
    this.registered = registered;
    this.standings = standings;
  }

  /// One thing that can be stopped.
  ///
  /// @param owner who may do so beside security; empty where only security may
  record Target(Party party, Optional<PersonName> owner) {

    boolean isFor(PersonName name, Set<Role> roles) {
      return roles.stream().anyMatch(ANYTHING::contains) || owner.filter(name::equals).isPresent();
    }
  }

  /// Finds what `name` is among the declared things of a kind.
  ///
  /// @throws ProblemException if there is none
  Target find(Party.Kind kind, String name) {
    return switch (kind) {
      case IDENTITY -> identity(new IdentityName(name));
      case WORKFLOW -> workflow(new WorkflowName(name));
      case PERSON -> person(new PersonName(name));
      case RESOURCE -> {
        var resource = new ResourceName(name);
        yield declared(Party.of(resource), registered.get().resource(resource).isPresent());
      }
      case MODEL -> {
        var model = new ModelName(name);
        yield declared(Party.of(model), registered.get().model(model).isPresent());
      }
      case KEY -> key(name);
    };
  }

  /// Whether somebody but `asker` is there who could agree.
  boolean hasOther(Target target, PersonName asker) {
    var known = registered.get();
    return TwoPeople.are(asker, Standing.BUILT_IN, known)
        || known.people().stream()
            .filter(one -> one.active() && target.isFor(one.name(), one.roles()))
            .filter(one -> !standings.isSuspended(Party.of(one.name())))
            .anyMatch(one -> TwoPeople.are(asker, one.name(), known));
  }

  private Target identity(IdentityName name) {
    var identity =
        registered.get().identity(name).orElseThrow(() -> missing("identity `" + name + "`"));
    return new Target(Party.of(name), owner(identity.workflow()));
  }

  private Target workflow(WorkflowName name) {
    if (registered.get().workflow(name).isEmpty()) {
      throw missing("workflow `" + name + "`");
    }
    return new Target(Party.of(name), owner(name));
  }

  private Target person(PersonName name) {
    if (registered.get().person(name).isEmpty() && !name.equals(Standing.BUILT_IN)) {
      throw missing("person `" + name + "`");
    }
    return new Target(Party.of(name), Optional.empty());
  }

  private static Target declared(Party party, boolean exists) {
    if (!exists) {
      throw missing(party.kind().word() + " `" + party.name() + "`");
    }
    return new Target(party, Optional.empty());
  }

  /// A key stays suspended when its identity no longer has it, so it may still be resumed then.
  private Target key(String thumbprint) {
    var party = Party.key(thumbprint);
    var identities =
        THUMBPRINT.matcher(thumbprint).matches()
            ? Beneath.identities(party, registered.get())
            : List.<IdentityName>of();
    if (identities.isEmpty() && standings.of(party).isEmpty()) {
      throw missing("identity that has registered the key `" + thumbprint + "`");
    }
    return identities.isEmpty()
        ? new Target(party, Optional.empty())
        : new Target(party, identity(identities.getFirst()).owner());
  }

  Optional<PersonName> owner(WorkflowName workflow) {
    return registered.get().workflow(workflow).map(found -> found.owner());
  }

  static ProblemException missing(String what) {
    return new ProblemException(Problem.notFound(what));
  }
}
