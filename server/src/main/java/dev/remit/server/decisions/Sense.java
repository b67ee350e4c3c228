package dev.remit.server.decisions;

import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Obligation;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.Value;
import dev.remit.server.registry.PolicyCheck.Problem;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What types cannot tell of a policy: that it names things that do not exist, that its action and
/// its resource never come together, or that its conditions contradict each other.
final class Sense {
  private static final Set<String> KNOWN_TYPES =
      Set.of("Identity", "Workflow", "Person", "Resource", "Tool", "Model", "DataClass");

  private final Policy policy;
  private final CompiledPolicies.Placed placed;
  private final World world;

  Sense(Policy policy, CompiledPolicies.Placed placed, World world) {
    this.policy = policy;
    this.placed = placed;
    this.world = world;
  }

  void check(List<Problem> problems) {
    int before = problems.size();
    for (var constant : policy.constants()) {
      if (constant instanceof Value.Entity(var uid)
          && KNOWN_TYPES.contains(uid.type())
          && world.declared(uid).isEmpty()) {
        problems.add(unknown(uid));
      }
    }
    problems.addAll(Vocabulary.impossible(policy, placed));
    policy
        .contradiction()
        .ifPresent(why ->
            problems.add(
                placed.problem(
                    placed.start(),
                    "can never match: " + why,
                    "remove the policy or the condition that contradicts the rest")));
    if (problems.size() == before && !canMatch()) {
      problems.add(
          placed.problem(
              placed.start(),
              "can never match: no action of its scope goes with a resource of its scope",
              "a tool's action goes with that tool only: leave out `resource`, or name "
                  + "`Tool::\"resource/tool\"` on both sides"));
    }
    policy.obligations().limits().forEach(limit -> limited(limit, problems));
  }

  /// A limit on what no tool of the policy's scope takes denies everything that it permits.
  private void limited(Obligation.Limit limit, List<Problem> problems) {
    boolean isTaken =
        world.tools().stream()
                .filter(tool -> policy.admits(tool.action(), tool.uid(), world.entities()))
                .anyMatch(tool -> isNumber(tool.arguments(), limit.argument()))
            || world.models().stream()
                .filter(
                    model -> policy.admits(Names.of(Action.ASK), Names.of(model), world.entities()))
                .anyMatch(_ -> isNumber(Asking.ARGUMENTS, limit.argument()));
    if (!isTaken) {
      problems.add(
          placed.problem(
              Math.max(placed.statement().text().indexOf("@limit"), placed.start()),
              "`@limit(\"" + limit + "\")`: no tool of its scope takes such a number",
              "name a number of the tool's input schema: `rows:100`, or `/page/size:100`"));
    }
  }

  private static boolean isNumber(ArgumentType.RecordOf arguments, String pointer) {
    ArgumentType found = arguments;
    for (var segment : pointer.substring(1).split("/", -1)) {
      var name = segment.replace("~1", "/").replace("~0", "~");
      if (!(found instanceof ArgumentType.RecordOf(var members)) || members.get(name) == null) {
        return false;
      }
      found = members.get(name).type();
    }
    return found instanceof ArgumentType.Whole || found instanceof ArgumentType.Decimal;
  }

  private boolean canMatch() {
    for (var tool : world.tools()) {
      if (policy.admits(tool.action(), tool.uid(), world.entities())) {
        return true;
      }
    }
    for (var resource : world.resources()) {
      for (var action : Action.values()) {
        if (action != Action.CALL
            && !action.isOfModel()
            && policy.admits(Names.of(action), Names.of(resource), world.entities())) {
          return true;
        }
      }
    }
    for (var model : world.models()) {
      for (var action : Action.values()) {
        if (action.isOfModel()
            && policy.admits(Names.of(action), Names.of(model), world.entities())) {
          return true;
        }
      }
    }
    return world.tools().isEmpty() || world.resources().isEmpty();
  }

  private Problem unknown(EntityUid uid) {
    var at = placed.statement().text().indexOf(uid.toString());
    return placed.problem(
        at < 0 ? placed.start() : at,
        "there is no " + uid.type() + " named `" + uid.id() + "`",
        "declare it in the same apply, or use "
            + similar(uid)
            + "; `remit get "
            + uid.type().toLowerCase(java.util.Locale.ROOT)
            + "` lists what exists");
  }

  private String similar(EntityUid uid) {
    var names = new TreeSet<String>();
    for (var declared : world.declared()) {
      if (declared.uid().type().equals(uid.type()) && names.size() < 3) {
        names.add("`" + declared.uid().id() + "`");
      }
    }
    return names.isEmpty() ? "one that does" : String.join(" or ", names);
  }
}
