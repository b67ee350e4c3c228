package dev.remit.server.decisions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.DetailedError;
import com.cedarpolicy.model.ValidationRequest;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.model.schema.Schema;
import dev.remit.kernel.identity.PolicyName;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.UnreadablePolicy;
import dev.remit.server.registry.Draft;
import dev.remit.server.registry.PolicyCheck.Problem;
import dev.remit.server.registry.PolicyText;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.shape.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// The registered policy texts, parsed and strictly validated by cedar-java, then compiled. Either
/// everything holds or `problems` says what does not.
///
/// @param cedar what cedar-java evaluates
/// @param policies what we evaluate, in the order of the texts' names
/// @param shadow those that decide nothing, by their text
/// @param placed where each of them stands
record CompiledPolicies(
    PolicySet cedar,
    List<Policy> policies,
    Map<PolicyText, List<Policy>> shadow,
    List<Problem> problems,
    Map<PolicyId, Placed> placed) {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(20_000).build())
                  .build())
          .build();

  /// One statement and where it stands.
  record Placed(PolicyText text, Statements.Statement statement) {

    Problem problem(int offset, String message, String remedy) {
      int at = Math.min(statement.offset() + offset, text.cedar().length());
      var before = text.cedar().substring(0, at);
      int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
      int column = at - before.lastIndexOf('\n');
      return new Problem(text.name(), line, column, message, remedy);
    }

    /// Characters before the statement's own first word: blanks and comments.
    int start() {
      int at = 0;
      for (var line : statement.text().split("\n", -1)) {
        var code = line.strip();
        if (!code.isEmpty() && !code.startsWith("//")) {
          return at + line.indexOf(code);
        }
        at += line.length() + 1;
      }
      return 0;
    }
  }

  static CompiledPolicies of(Registered registered, World world) {
    return DeepStack.call(() -> parsed(registered, world));
  }

  private static CompiledPolicies parsed(Registered registered, World world) {
    var placed = placed(registered.policies());
    var problems = new ArrayList<Problem>();
    placed.values().removeIf(statement -> !isShallow(statement, problems));
    placed.values().removeIf(statement -> !parses(statement, problems));
    var cedar = cedar(placed);
    validate(cedar, registered, placed, problems);
    var policies = problems.isEmpty() ? compiled(cedar, placed, problems) : List.<Policy>of();
    var deciding = new ArrayList<Policy>();
    var shadow = new LinkedHashMap<PolicyText, List<Policy>>();
    for (var policy : policies) {
      var where = placed(placed, policy.id());
      new Sense(policy, where, world).check(problems);
      if (where.text().isShadow()) {
        shadow.computeIfAbsent(where.text(), _ -> new ArrayList<>()).add(policy);
      } else {
        deciding.add(policy);
      }
    }
    return new CompiledPolicies(
        shadow.isEmpty() ? cedar : cedar(deciding(placed)),
        deciding,
        shadow,
        onePerPlace(problems),
        placed);
  }

  private static Map<PolicyId, Placed> deciding(Map<PolicyId, Placed> placed) {
    var deciding = new LinkedHashMap<>(placed);
    deciding.values().removeIf(one -> one.text().isShadow());
    return deciding;
  }

  /// Returns where a policy's condition stands in the files of `draft`: its line where its text is
  /// written just so, else that of the policy.
  Place place(PolicyId id, String condition, Draft draft) {
    var where = placed(placed, id);
    int at = condition.isEmpty() ? -1 : where.statement().text().indexOf(condition);
    var problem = where.problem(at < 0 ? where.start() : at, "", "");
    return draft.place(where.text(), problem.line(), problem.column());
  }

  Placed placed(Policy policy) {
    return placed(policy.id());
  }

  Placed placed(PolicyId id) {
    return placed(placed, id);
  }

  /// Cedar says the same of a place once per action; the first says enough.
  private static List<Problem> onePerPlace(List<Problem> problems) {
    record Spot(PolicyName policy, int line, int column) {}
    var first = new LinkedHashMap<Spot, Problem>();
    problems.forEach(p -> first.putIfAbsent(new Spot(p.policy(), p.line(), p.column()), p));
    return List.copyOf(first.values());
  }

  private static Map<PolicyId, Placed> placed(List<PolicyText> texts) {
    var placed = new LinkedHashMap<PolicyId, Placed>();
    for (var text : texts.stream().sorted(Comparator.comparing(PolicyText::name)).toList()) {
      int n = 0;
      for (var statement : Statements.of(text.cedar())) {
        placed.put(id(text.name(), ++n), new Placed(text, statement));
      }
    }
    return placed;
  }

  private static PolicyId id(PolicyName name, int n) {
    return new PolicyId(n == 1 ? name.value() : name.value() + "#" + n);
  }

  private static Placed placed(Map<PolicyId, Placed> placed, PolicyId id) {
    var found = placed.get(id);
    if (found == null) {
      throw new IllegalStateException(
          "cedar-java speaks of a policy `" + id + "` it was not given");
    }
    return found;
  }

  private static boolean isShallow(Placed placed, List<Problem> problems) {
    var excess = Depth.excess(placed.statement().text());
    excess.ifPresent(one ->
        problems.add(
            placed.problem(
                one.offset(),
                one.message(),
                "write several statements, or compare with a set: `[…].contains(…)`")));
    return excess.isEmpty();
  }

  private static boolean parses(Placed placed, List<Problem> problems) {
    try {
      com.cedarpolicy.model.policy.Policy.parseStaticPolicy(placed.statement().text());
      return true;
    } catch (InternalException e) {
      problems.add(syntaxProblem(placed, e));
      return false;
    }
  }

  /// Asks for the same error again in a form that says where it is.
  private static Problem syntaxProblem(Placed placed, InternalException cause) {
    var alone = new com.cedarpolicy.model.policy.Policy(placed.statement().text(), "policy");
    try {
      var schema = new Schema("entity Nothing;");
      var answer =
          new BasicAuthorizationEngine()
              .validate(new ValidationRequest(schema, new PolicySet(Set.of(alone))));
      for (var error : answer.errors.map(List::copyOf).orElse(List.of())) {
        return placed.problem(
            offset(error, placed),
            Wording.syntax(error.message),
            error.help.orElse("mend the Cedar text; its grammar is at docs.cedarpolicy.com"));
      }
    } catch (AuthException e) {
      // Falls through to the cause, which has the same message without a place.
    }
    return placed.problem(
        placed.start(), Wording.syntax(String.valueOf(cause.getMessage())), "mend the Cedar text");
  }

  /// Returns where `error` is, in characters; Cedar counts the bytes of UTF-8.
  private static int offset(DetailedError error, Placed placed) {
    var bytes = placed.statement().text().getBytes(UTF_8);
    return error.sourceLocations.stream()
        .mapToInt(location -> Math.clamp(location.start, 0, bytes.length))
        .map(start -> new String(bytes, 0, start, UTF_8).length())
        .findFirst()
        .orElse(placed.start());
  }

  private static PolicySet cedar(Map<PolicyId, Placed> placed) {
    var policies = new LinkedHashSet<com.cedarpolicy.model.policy.Policy>();
    placed.forEach((id, statement) ->
        policies.add(
            new com.cedarpolicy.model.policy.Policy(statement.statement().text(), id.value())));
    return new PolicySet(policies);
  }

  private static void validate(
      PolicySet cedar,
      Registered registered,
      Map<PolicyId, Placed> placed,
      List<Problem> problems) {
    try {
      var schema =
          new Schema(
              Schema.JsonOrCedar.Json,
              Optional.of(CedarSchema.of(registered).toString()),
              Optional.empty());
      var answer = new BasicAuthorizationEngine().validate(new ValidationRequest(schema, cedar));
      var success =
          answer.success.orElseThrow(() ->
              new IllegalStateException(
                  "cedar-java cannot validate the policies: "
                      + answer.errors.map(Object::toString).orElse("")));
      success.validationErrors.forEach(e -> problems.add(problem(e, placed)));
      if (success.validationErrors.isEmpty()) {
        success.validationWarnings.stream()
            .filter(warning -> warning.getError().message.contains("impossible"))
            .forEach(warning -> problems.add(problem(warning, placed)));
      }
    } catch (AuthException e) {
      throw new IllegalStateException("cedar-java cannot validate the policies", e);
    }
  }

  private static Problem problem(
      com.cedarpolicy.model.ValidationResponse.ValidationError error,
      Map<PolicyId, Placed> placed) {
    var where = placed(placed, new PolicyId(error.getPolicyId()));
    var message = Wording.validation(error.getError().message);
    return where.problem(
        offset(error.getError(), where),
        message,
        Wording.remedy(message, error.getError().help.orElse("")));
  }

  private static List<Policy> compiled(
      PolicySet cedar, Map<PolicyId, Placed> placed, List<Problem> problems) {
    var policies = new ArrayList<Policy>();
    if (placed.isEmpty()) {
      return policies;
    }
    var all = JSON.readTree(json(cedar)).path("staticPolicies");
    placed.forEach((id, where) -> {
      try {
        var policy = Policy.of(id, all.path(id.value()));
        problems.addAll(unknown(policy, where));
        policies.add(policy);
      } catch (UnreadablePolicy e) {
        problems.add(
            where.problem(
                where.start(),
                String.valueOf(e.getMessage()),
                "see the annotations in docs/guides/policy.md"));
      }
    });
    return policies;
  }

  /// A misspelled `@hold` would be a forbid without a way out, a misspelled `@redact` a permit
  /// without its condition: neither is what its author believes.
  private static List<Problem> unknown(Policy policy, Placed where) {
    return policy.unknownAnnotations().stream()
        .map(name ->
            where.problem(
                Math.max(where.statement().text().indexOf("@" + name), where.start()),
                "`@" + name + "` is no annotation that means anything here",
                "use one of @" + String.join(", @", Policy.knownAnnotations())))
        .toList();
  }

  private static String json(PolicySet cedar) {
    try {
      return cedar.toJson();
    } catch (InternalException | com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("cedar-java cannot write the policies as JSON", e);
    }
  }
}
