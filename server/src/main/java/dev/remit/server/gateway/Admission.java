package dev.remit.server.gateway;

import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.Target;
import dev.remit.server.registry.Bound;
import dev.remit.server.registry.Covering;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Tool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Whether the task's scope and the identity's grants cover what is asked; and, where the work was
/// delegated, the grants of everybody who delegated it. Policy comes after it: a grant is never
/// enough by itself.
///
/// Pure: judges by the snapshot that the agent's request is judged by.
final class Admission {

  /// What was found.
  sealed interface Found {

    record Covered(Asked asked) implements Found {}

    record Refused(Refusal why) implements Found {}
  }

  private Admission() {}

  /// Whether anything at the resource is within reach at all.
  static Optional<Refusal> reach(Agent agent, ResourceName resource, Instant now) {
    if (!agent.workflow().runs(now)) {
      return Optional.of(new Refusal.WorkflowStopped(agent.workflow().name()));
    }
    for (var identity : agent.claims().identities()) {
      boolean granted =
          grants(agent.registered(), identity, resource).stream()
              .anyMatch(grant -> grant.grantsUse() && !grant.isExpired(now));
      if (!granted) {
        return Optional.of(lacking(agent, identity, resource, new Refusal.OutOfReach(resource)));
      }
    }
    return Optional.empty();
  }

  /// Says whose grant is missing.
  ///
  /// @param own what is said where it is the agent's own
  private static Refusal lacking(
      Agent agent, IdentityName identity, ResourceName resource, Refusal own) {
    return identity.equals(agent.claims().identity())
        ? own
        : new Refusal.NotTheDelegators(identity, resource);
  }

  static Found tool(Agent agent, ResourceName resource, String wireName, Instant now) {
    ToolName name;
    try {
      name = new ToolName(resource, wireName);
    } catch (IllegalArgumentException e) {
      return new Found.Refused(new Refusal.BadParams("`name` is not a tool's name"));
    }
    var tool = agent.registered().tool(name);
    if (tool.isEmpty()) {
      return new Found.Refused(new Refusal.NotReviewed(name));
    }
    if (!agent.claims().scope().tools().allows(name)) {
      return new Found.Refused(new Refusal.OutsideTask(name));
    }
    return covered(
        agent,
        resource,
        grant -> grant.names(tool.get()),
        new Refusal.NotGranted("tool", name.toString()),
        tool.get().effects().stream().anyMatch(effect -> effect != Effect.READ),
        now,
        grants -> new Asked.OfTool(tool.get(), allowances(agent, grants)));
  }

  static Found prompt(Agent agent, ResourceName resource, String prompt, Instant now) {
    return item(agent, resource, Action.PROMPT, prompt, grant -> grant.namesPrompt(prompt), now);
  }

  static Found read(Agent agent, ResourceName resource, String uri, Instant now) {
    return item(agent, resource, Action.READ, uri, grant -> grant.namesRead(uri), now);
  }

  /// A credential for a database. A scope that names tools covers it only if it names it like one.
  static Found profile(Agent agent, ResourceName resource, String profile, Instant now) {
    var scoped = new ToolName(resource, profile);
    if (!agent.claims().scope().tools().allows(scoped)) {
      return new Found.Refused(new Refusal.ProfileOutsideTask(scoped));
    }
    return covered(
        agent,
        resource,
        grant -> grant.namesProfile(profile),
        new Refusal.NotGranted("profile", profile),
        true,
        now,
        _ -> new Asked.OfItem(Action.ISSUE, profile, new Target.OfResource(resource, profile)));
  }

  /// Completing an argument of a prompt or template needs the grant that using it needs.
  static Found completion(
      Agent agent, ResourceName resource, String prompt, String uri, Instant now) {
    return prompt.isEmpty()
        ? item(agent, resource, Action.COMPLETE, uri, grant -> couldRead(grant, uri), now)
        : item(agent, resource, Action.COMPLETE, prompt, grant -> grant.namesPrompt(prompt), now);
  }

  /// What may be shown of a template: whether any address made from it could be granted.
  static boolean showsTemplate(Agent agent, ResourceName resource, String template, Instant now) {
    return allHave(agent, resource, grant -> !grant.isExpired(now) && couldRead(grant, template));
  }

  private static boolean couldRead(Grant grant, String template) {
    var fixed = upTo(template, '{');
    return grant.reads().stream()
        .map(pattern -> upTo(pattern.value(), '*'))
        .anyMatch(granted -> granted.startsWith(fixed) || fixed.startsWith(granted));
  }

  private static String upTo(String text, char end) {
    int at = text.indexOf(end);
    return at < 0 ? text : text.substring(0, at);
  }

  private static Found item(
      Agent agent,
      ResourceName resource,
      Action action,
      String item,
      Predicate<Grant> names,
      Instant now) {
    var what = action == Action.READ ? "resource" : "prompt";
    return covered(
        agent,
        resource,
        names,
        new Refusal.NotGranted(what, item),
        false,
        now,
        _ -> new Asked.OfItem(action, item, new Target.OfResource(resource, item)));
  }

  private static Found covered(
      Agent agent,
      ResourceName resource,
      Predicate<Grant> names,
      Refusal otherwise,
      boolean writes,
      Instant now,
      Function<List<Grant>, Asked> asked) {
    var grants = new ArrayList<Grant>();
    for (var identity : agent.claims().identities()) {
      switch (Covering.of(agent.registered(), identity, resource, names, now)) {
        case Covering.By(var grant) -> {
          var unbound = unbound(agent, identity, resource, names, writes, now);
          if (unbound.isPresent()) {
            return new Found.Refused(unbound.get());
          }
          grants.add(inForce(agent, identity, resource, names, now).orElse(grant));
        }
        case Covering.Expired(var grant) -> {
          return new Found.Refused(new Refusal.GrantExpired(grant.name(), grant.expiresAt()));
        }
        case Covering.None() -> {
          return new Found.Refused(lacking(agent, identity, resource, otherwise));
        }
      }
    }
    return new Found.Covered(asked.apply(grants));
  }

  /// The first grant that covers it and rests on nothing that awaits approval.
  private static Optional<Grant> inForce(
      Agent agent,
      IdentityName identity,
      ResourceName resource,
      Predicate<Grant> names,
      Instant now) {
    Predicate<Grant> goesOn =
        agent.bound(identity, now) instanceof Bound.Limited(_, var suspended, _)
            ? grant -> names.test(grant) && !suspended.contains(grant.name())
            : names;
    return Covering.of(agent.registered(), identity, resource, goesOn, now)
            instanceof Covering.By(var grant)
        ? Optional.of(grant)
        : Optional.empty();
  }

  /// Why what decides `identity` now keeps it from what is granted.
  private static Optional<Refusal> unbound(
      Agent agent,
      IdentityName identity,
      ResourceName resource,
      Predicate<Grant> names,
      boolean writes,
      Instant now) {
    return switch (agent.bound(identity, now)) {
      case Bound.Approved() -> Optional.empty();
      case Bound.Limited(var change, _, var why) ->
          inForce(agent, identity, resource, names, now).isPresent()
              ? Optional.empty()
              : Optional.of(
                  new Refusal.ModelNotApproved(
                      identity,
                      change,
                      "grant-suspended",
                      "the grant rests on what has changed, and nobody has approved it yet: " + why,
                      "`remit changes show "
                          + change
                          + "` says what is missing and who may"
                          + " approve"));
      case Bound.Suspect(var change, var why) ->
          writes
              ? Optional.of(
                  new Refusal.ModelNotApproved(
                      identity,
                      change,
                      "model-suspect",
                      "it may only read until somebody has looked: " + why,
                      "`remit changes show " + change + "` says what was seen"))
              : Optional.empty();
      case Bound.Refused(var change, var reason, var why, var next) ->
          Optional.of(new Refusal.ModelNotApproved(identity, change, reason, why, next));
    };
  }

  private static List<Grant> grants(
      Registered registered, IdentityName identity, ResourceName resource) {
    return registered.grants(identity).stream()
        .filter(grant -> grant.resource().equals(resource))
        .toList();
  }

  /// Whether everybody who answers for the work has a grant of that kind on the resource.
  private static boolean allHave(Agent agent, ResourceName resource, Predicate<Grant> one) {
    return agent.claims().identities().stream()
        .allMatch(
            identity -> grants(agent.registered(), identity, resource).stream().anyMatch(one));
  }

  /// @param grants of those who delegated and of the agent, in that order
  private static List<Asked.Allowance> allowances(Agent agent, List<Grant> grants) {
    var claims = agent.claims();
    var allowances = new ArrayList<Asked.Allowance>(grants.size());
    for (int i = 0; i < claims.delegators().size(); i++) {
      var delegator = claims.delegators().get(i);
      allowances.add(allowance(delegator.task(), delegator.callsMax(), grants.get(i)));
    }
    allowances.add(allowance(claims.task(), claims.scope().callsMax(), grants.getLast()));
    return allowances;
  }

  private static Asked.Allowance allowance(TaskId task, long callsMax, Grant grant) {
    return new Asked.Allowance(task, Math.min(callsMax, grant.callsPerTaskMax()));
  }

  /// The tools of a resource that are reviewed, for whoever filters a list.
  static Optional<Tool> reviewed(Agent agent, ResourceName resource, String wireName) {
    try {
      return agent.registered().tool(new ToolName(resource, wireName));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
