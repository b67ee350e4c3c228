package dev.remit.server.decisions;

import static java.util.stream.Collectors.groupingBy;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.PolicyCheck.Problem;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/// Finds the same tool, offered in two environments, that policy guards less where more is at
/// stake: somebody has tried a rule elsewhere and forgotten it in production.
///
/// A tool is the same where its name on the wire and its reviewed definition are. What is compared
/// is what would be answered before arguments are known, in a fresh task on a Monday morning, to
/// each identity that holds a grant for both. Stricter in production is as it should be.
final class Environments {
  private static final int COMPARED_MAX = 2_000;
  private static final TaskId TASK = new TaskId("task_00000000000000000000000000");

  private final Registered registered;
  private final CompiledPolicies compiled;
  private final Function<Question, Decision> decide;
  private final List<Problem> found = new ArrayList<>();
  private int compared;

  private Environments(
      Registered registered, CompiledPolicies compiled, Function<Question, Decision> decide) {
    this.registered = registered;
    this.compiled = compiled;
    this.decide = decide;
  }

  /// Beyond 2,000 pairs of tools for one identity no more are compared.
  static List<Problem> of(
      Registered registered, CompiledPolicies compiled, Function<Question, Decision> decide) {
    var environments = new Environments(registered, compiled, decide);
    environments.same().forEach(environments::compare);
    return environments.found;
  }

  private record Same(String name, Digest definition) {}

  private List<List<Tool>> same() {
    Collection<List<Tool>> alike =
        registered.tools().stream()
            .collect(groupingBy(tool -> new Same(tool.name().tool(), tool.definition())))
            .values();
    return alike.stream().filter(tools -> tools.size() > 1).toList();
  }

  private void compare(List<Tool> tools) {
    for (var high : tools) {
      for (var low : tools) {
        if (environment(high).compareTo(environment(low)) > 0) {
          registered.identities().stream()
              .filter(identity -> isGranted(identity, high) && isGranted(identity, low))
              .forEach(identity -> compare(identity, high, low));
        }
      }
    }
  }

  private void compare(Identity identity, Tool high, Tool low) {
    if (++compared > COMPARED_MAX) {
      return;
    }
    var above = decide.apply(question(identity, high));
    var below = decide.apply(question(identity, low));
    if (strictness(above) < strictness(below)) {
      because(above).ifPresent(policy -> report(policy, identity, high, above, low, below));
    }
  }

  private void report(
      PolicyId policy, Identity identity, Tool high, Decision above, Tool low, Decision below) {
    var placed = compiled.placed(policy);
    found.add(
        placed.problem(
            placed.start(),
            "`%s` would be %s `%s` in %s, and %s the same tool `%s` in %s"
                .formatted(
                    identity.name(),
                    said(above),
                    high.name(),
                    environment(high).word(),
                    said(below),
                    low.name(),
                    environment(low).word()),
            "guard it in both, or say in the policy's description why it is freer where more is at"
                + " stake"));
  }

  private boolean isGranted(Identity identity, Tool tool) {
    return registered.grants(identity.name()).stream().anyMatch(grant -> grant.names(tool));
  }

  private Environment environment(Tool tool) {
    return registered
        .resource(tool.name().resource())
        .map(Resource::environment)
        .orElse(Environment.PRODUCTION);
  }

  private Question question(Identity identity, Tool tool) {
    var intent =
        registered
            .workflow(identity.workflow())
            .map(Workflow::intents)
            .map(intents -> new TreeSet<>(intents).first())
            .orElse("");
    return new Question(
        identity.name(),
        new TaskFacts(
            TASK,
            intent,
            Long.MAX_VALUE,
            PolicyCases.NOW.plus(Duration.ofMinutes(15)),
            List.of(),
            Usage.NONE),
        Action.CALL,
        new Target.OfTool(tool.name()),
        new Arguments.NotYet(),
        CallFacts.NONE,
        PolicyCases.NOW);
  }

  private static int strictness(Decision decision) {
    return switch (decision) {
      case Decision.Allow _ -> 0;
      case Decision.Modify _ -> 1;
      case Decision.Defer _ -> 2;
      case Decision.Hold _ -> 3;
      case Decision.Deny _ -> 4;
    };
  }

  private static String said(Decision decision) {
    return switch (decision) {
      case Decision.Allow _ -> "let through to";
      case Decision.Modify _ -> "let through, narrowed, to";
      case Decision.Defer _ -> "put off at";
      case Decision.Hold _ -> "held at";
      case Decision.Deny _ -> "denied";
    };
  }

  private static Optional<PolicyId> because(Decision decision) {
    return switch (decision) {
      case Decision.Allow allow -> allow.because().stream().findFirst();
      case Decision.Modify modify -> modify.because().stream().findFirst();
      case Decision.Defer defer -> defer.because().stream().findFirst();
      case Decision.Hold hold -> hold.because().stream().findFirst();
      case Decision.Deny deny -> deny.because().stream().findFirst();
    };
  }
}
