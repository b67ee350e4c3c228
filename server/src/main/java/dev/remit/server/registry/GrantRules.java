package dev.remit.server.registry;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.RiskClass;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/// A grant stays inside what its workflow and its identity were declared for, and ends.
final class GrantRules {
  private GrantRules() {}

  static void check(Proposal proposal, RegistryConfig config, RiskShift shift, Flaws flaws) {
    var next = proposal.next().registered();
    for (var grant : next.grants()) {
      var ref = new Ref(Kind.GRANT, grant.key());
      checkExpiry(proposal, config.grantMax(risk(next, grant, shift)), grant, ref, flaws);
      checkReach(grant, ref, flaws);
      checkProfiles(next, grant, ref, flaws);
      ModelRules.checkGrant(next, grant, ref, flaws);
      next.identity(grant.identity())
          .ifPresent(identity -> {
            checkClasses(next, grant, identity, ref, flaws);
            checkAsks(grant, identity, ref, flaws);
            for (var tool : next.tools(grant.resource())) {
              if (grant.names(tool)) {
                checkTool(grant, identity, tool, ref, flaws);
              }
            }
          });
    }
  }

  private static RiskClass risk(Registered next, Grant grant, RiskShift shift) {
    return next.identity(grant.identity())
        .map(identity -> shift.of(identity.workflow()))
        .orElse(RiskClass.LOW);
  }

  private static void checkExpiry(
      Proposal proposal, Duration max, Grant grant, Ref ref, Flaws flaws) {
    if (grant.isExpired(proposal.now())) {
      flaws.whenTouched(
          "R63",
          ref,
          "expires",
          ref.said() + " expired at " + grant.expiresAt(),
          "retire it, or have it approved again with a later end");
    } else if (grant.expiresAt().isAfter(proposal.now().plus(max))) {
      flaws.whenTouched(
          "R63",
          ref,
          "expires",
          ref.said() + " would last until " + grant.expiresAt(),
          "end it within " + max.toDays() + " days and approve it anew then");
    }
  }

  private static void checkReach(Grant grant, Ref ref, Flaws flaws) {
    boolean nothing =
        grant.tools().equals(new Grant.Tools.Named(Set.of()))
            && grant.prompts().isEmpty()
            && grant.reads().isEmpty()
            && grant.asks().isEmpty()
            && grant.profiles().isEmpty()
            && grant.models().isEmpty();
    if (nothing) {
      flaws.whenTouched(
          "R61",
          ref,
          "tools",
          ref.said() + " grants nothing",
          "name tools, prompts, reads, profiles, models or asks");
    }
  }

  private static void checkProfiles(Registered next, Grant grant, Ref ref, Flaws flaws) {
    var resource = next.resource(grant.resource());
    if (resource.isEmpty() || grant.profiles().isEmpty()) {
      return;
    }
    var known = profiles(resource.get().upstream());
    if (known.isEmpty()) {
      flaws.always(
          "R66",
          ref,
          "profiles",
          ref.said() + " names profiles, but resource `" + grant.resource() + "` is no database",
          "leave `profiles` out, or name a resource whose upstream is a `database`, or one that"
              + " `reveals` something");
      return;
    }
    var unknown = new TreeSet<>(grant.profiles());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      flaws.always(
          "R66",
          ref,
          "profiles",
          ref.said()
              + " names profile "
              + quoted(unknown)
              + ", which resource `"
              + grant.resource()
              + "` does not have",
          "name one of " + quoted(known));
    }
  }

  private static NavigableSet<String> profiles(Upstream upstream) {
    return switch (upstream) {
      case Upstream.Database database -> new TreeSet<>(database.profiles().keySet());
      case Upstream.Http http -> new TreeSet<>(http.reveals().keySet());
      case Upstream.Stdio _, Upstream.Models _ -> new TreeSet<>();
    };
  }

  /// An agent that could ask for others would learn what it may not do itself.
  private static void checkAsks(Grant grant, Identity identity, Ref ref, Flaws flaws) {
    if (!grant.asks().isEmpty() && identity.identityKind() != IdentityKind.SERVICE) {
      flaws.always(
          "R99",
          ref,
          "asks",
          ref.said()
              + " lets identity `"
              + identity.name()
              + "` ask for decisions about others, but it is of kind "
              + identity.identityKind().word(),
          "declare the enforcement point as an identity of kind `service`, with a key of its own");
    }
  }

  private static void checkClasses(
      Registered next, Grant grant, Identity identity, Ref ref, Flaws flaws) {
    var workflow = next.workflow(identity.workflow());
    if (workflow.isEmpty()) {
      return;
    }
    var outside = new TreeSet<>(grant.dataClasses());
    outside.removeAll(workflow.get().dataClasses());
    if (!outside.isEmpty()) {
      flaws.always(
          "R88",
          ref,
          "dataClasses",
          ref.said()
              + " reaches data of class "
              + quoted(outside)
              + ", which workflow `"
              + workflow.get().name()
              + "` may not",
          "leave the class out, or have the workflow's owner permit it");
    }
  }

  private static void checkTool(Grant grant, Identity identity, Tool tool, Ref ref, Flaws flaws) {
    boolean named = grant.tools() instanceof Grant.Tools.Named;
    var outside = new TreeSet<>(tool.dataClasses());
    outside.removeAll(grant.dataClasses());
    if (!outside.isEmpty()) {
      var message =
          ref.said()
              + " names tool `"
              + tool.name()
              + "`, which touches data of class "
              + quoted(outside);
      var remedy = "add the class to the grant's `dataClasses`, or leave the tool out";
      if (named) {
        flaws.whenTouched("R88", ref, "dataClasses", message, remedy);
      } else {
        flaws.flag("R88", ref, "dataClasses", message, remedy);
      }
    }
    boolean acts = tool.effects().stream().anyMatch(effect -> effect != Effect.READ);
    if (acts && named && identity.autonomy() == Autonomy.ANSWERS_ONLY) {
      flaws.whenTouched(
          "R94",
          ref,
          "tools",
          ref.said()
              + " lets identity `"
              + identity.name()
              + "`, which only answers, call `"
              + tool.name()
              + "`, which does more than read",
          "leave the tool out, or declare the autonomy that the identity really has");
    }
  }

  private static String quoted(Set<String> words) {
    return "`" + String.join("`, `", words) + "`";
  }
}
