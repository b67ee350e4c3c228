package dev.remit.server.decisions;

import dev.remit.kernel.policy.Effect;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.Value;
import dev.remit.server.registry.PolicyCheck.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What is odd about policies that are valid: warnings at plan, which keep nobody from applying.
///
/// Everything it says is so, in the registry that it is said of; it does not say everything. It
/// sees scopes, conditions that are the same in two policies, and comparisons with words of a known
/// vocabulary. It sees no arithmetic, patterns, sets or ranges, and no two policies that shadow a
/// third only together.
final class PolicyFindings {
  /// Beyond this many policies they are no longer compared with each other.
  private static final int COMPARED_MAX = 2_000;

  private static final int NAMED_MAX = 3;

  private final CompiledPolicies compiled;
  private final World world;
  private final List<Policy> policies;
  private final Map<EntityUid, EntityUid> toolOf = new HashMap<>();
  private final List<Problem> found = new ArrayList<>();

  private PolicyFindings(CompiledPolicies compiled, World world) {
    this.compiled = compiled;
    this.world = world;
    this.policies = compiled.policies();
    world.tools().forEach(tool -> toolOf.put(tool.action(), tool.uid()));
  }

  static List<Problem> of(CompiledPolicies compiled, World world) {
    var findings = new PolicyFindings(compiled, world);
    for (var policy : findings.policies) {
      findings.found.addAll(Vocabulary.pointless(policy, compiled.placed(policy)));
      findings.checkPrincipal(policy);
      if (policy.effect() == Effect.PERMIT) {
        findings.checkBreadth(policy);
      }
    }
    if (findings.policies.size() <= COMPARED_MAX) {
      findings.checkShadows();
    }
    return findings.found;
  }

  private void checkPrincipal(Policy policy) {
    var identities = world.identities();
    if (!identities.isEmpty()
        && identities.stream().noneMatch(one -> policy.admits(one.uid(), world.entities()))) {
      warn(
          policy,
          "matches nobody: no registered identity is in its scope",
          "declare the identity it is for, or change the principal of its scope");
    }
  }

  private void checkShadows() {
    var permits = policies.stream().filter(one -> one.effect() == Effect.PERMIT).toList();
    var forbids =
        policies.stream()
            .filter(one -> one.effect() == Effect.FORBID && isFinal(one) && one.isUnconditional())
            .toList();
    for (int i = 0; i < permits.size(); i++) {
      var permit = permits.get(i);
      var forbid = forbids.stream().filter(other -> includes(other, permit)).findFirst();
      if (forbid.isPresent()) {
        warn(
            permit,
            "permits nothing: `" + forbid.get().id() + "` forbids whatever it permits",
            "remove it, or narrow `" + forbid.get().id() + "`");
      } else {
        broader(permits, i)
            .ifPresent(other ->
                warn(
                    permit,
                    "changes nothing: `" + other.id() + "` permits whatever it permits",
                    "remove it, or narrow `" + other.id() + "`"));
      }
    }
  }

  /// A forbid that nobody's approval and no waiting lifts.
  private static boolean isFinal(Policy forbid) {
    return !forbid.annotations().containsKey("hold") && !forbid.annotations().containsKey("defer");
  }

  /// Of two permits that are alike the later one is superfluous. One with obligations narrows what
  /// others permit, so it is never superfluous, and one that it shadows is another matter.
  private Optional<Policy> broader(List<Policy> permits, int of) {
    var permit = permits.get(of);
    if (permit.obligations().narrows()) {
      return Optional.empty();
    }
    for (int i = 0; i < permits.size(); i++) {
      var other = permits.get(i);
      if (i != of
          && !other.obligations().narrows()
          && includes(other, permit)
          && (i < of || !includes(permit, other))) {
        return Optional.of(other);
      }
    }
    return Optional.empty();
  }

  private boolean includes(Policy broad, Policy narrow) {
    return broad.includes(
        narrow, world.entities(), action -> Optional.ofNullable(toolOf.get(action)));
  }

  private void checkBreadth(Policy permit) {
    if (!permit.isUnconditional()) {
      return;
    }
    if (permit.isUnscoped()) {
      warn(
          permit,
          "permits every identity everything that its grants name",
          "name a principal, an action or a resource in its scope, or add a condition");
      return;
    }
    var dangerous = dangerous(permit);
    if (!dangerous.isEmpty()) {
      warn(
          permit,
          "permits without condition what can destroy or show secrets in production: "
              + dangerous.stream()
                  .limit(NAMED_MAX)
                  .map(name -> "`" + name + "`")
                  .collect(Collectors.joining(", "))
              + (dangerous.size() > NAMED_MAX ? ", …" : ""),
          "add a condition on the arguments, or a `@hold` forbid so that a person agrees");
    }
  }

  /// Tools in production that destroy or show secrets, that `permit` reaches, and that no forbid
  /// which waits for a person stands before.
  private Set<String> dangerous(Policy permit) {
    var names = new HashSet<String>();
    for (var tool : world.tools()) {
      boolean reached = permit.admits(tool.action(), tool.uid(), world.entities());
      if (reached && isDangerous(tool) && !isGuarded(tool)) {
        names.add(tool.uid().id());
      }
    }
    return new java.util.TreeSet<>(names);
  }

  private boolean isDangerous(World.AboutTool tool) {
    return tool.environment().equals(new Value.Text("production"))
        && world.declared(tool.uid()).filter(PolicyFindings::destroysOrShows).isPresent();
  }

  private static boolean destroysOrShows(Entities.Declared tool) {
    for (int i = 0; i < tool.attributes().size(); i++) {
      if (tool.attributes().get(i) instanceof Value.Several effects
          && (effects.contains(new Value.Text("destructive"))
              || effects.contains(new Value.Text("secrets")))) {
        return true;
      }
    }
    return false;
  }

  private boolean isGuarded(World.AboutTool tool) {
    return policies.stream()
        .anyMatch(policy ->
            policy.effect() == Effect.FORBID
                && !isFinal(policy)
                && policy.admits(tool.action(), tool.uid(), world.entities()));
  }

  private void warn(Policy policy, String message, String remedy) {
    var placed = compiled.placed(policy);
    found.add(placed.problem(placed.start(), message, remedy));
  }
}
