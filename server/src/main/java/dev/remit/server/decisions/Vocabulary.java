package dev.remit.server.decisions;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.SecretKind;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.policy.Comparison;
import dev.remit.kernel.policy.Policy;
import dev.remit.server.registry.PolicyCheck.Problem;
import dev.remit.server.registry.shape.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Finds comparisons of a fact whose words are known with a word that is none of them: types cannot
/// tell `"prod"` from `"production"`.
final class Vocabulary {
  private static final List<String> STAGES = words(Stage.class);
  private static final List<String> RISKS = words(RiskClass.class);
  private static final List<String> AUTONOMIES = words(Autonomy.class);
  private static final List<String> ENVIRONMENTS = words(Environment.class);
  private static final List<String> EFFECTS = words(Effect.class);
  private static final List<String> LIFECYCLES =
      Stream.concat(words(Lifecycle.class).stream(), Stream.of(World.NO_MODEL)).toList();
  private static final Map<String, List<String>> WORDS =
      Map.ofEntries(
          Map.entry("context.stage", STAGES),
          Map.entry("principal.workflow.stage", STAGES),
          Map.entry("principal.risk", RISKS),
          Map.entry("principal.workflow.risk", RISKS),
          Map.entry("context.model.lifecycle", LIFECYCLES),
          Map.entry("principal.model.lifecycle", LIFECYCLES),
          Map.entry("context.autonomy", AUTONOMIES),
          Map.entry("principal.autonomy", AUTONOMIES),
          Map.entry("principal.kind", words(IdentityKind.class)),
          Map.entry("context.environment", ENVIRONMENTS),
          Map.entry("context.secrets.kinds", words(SecretKind.class)),
          Map.entry("context.tool.environment", ENVIRONMENTS),
          Map.entry("resource.environment", ENVIRONMENTS),
          Map.entry("context.tool.effects", EFFECTS),
          Map.entry("resource.effects", EFFECTS));

  private Vocabulary() {}

  private static <E extends Enum<E> & Word> List<String> words(Class<E> vocabulary) {
    return Stream.concat(
            Arrays.stream(vocabulary.getEnumConstants()).map(Word::word), Stream.of("unknown"))
        .toList();
  }

  /// Returns the comparisons without which the policy cannot be satisfied, and which are never
  /// true.
  static List<Problem> impossible(Policy policy, CompiledPolicies.Placed placed) {
    return wrong(policy)
        .filter(Vocabulary::forbids)
        .map(comparison ->
            problem(
                comparison, placed, "can never match: `" + said(comparison) + "` is never true"))
        .toList();
  }

  /// Returns those that only miss what was meant.
  static List<Problem> pointless(Policy policy, CompiledPolicies.Placed placed) {
    return wrong(policy)
        .filter(comparison -> !forbids(comparison))
        .map(comparison ->
            problem(
                comparison,
                placed,
                "`"
                    + said(comparison)
                    + "` is "
                    + (comparison.kind() == Comparison.Kind.NOT_EQUAL ? "always" : "never")
                    + " true"))
        .toList();
  }

  private static Stream<Comparison> wrong(Policy policy) {
    return policy.comparisons().stream()
        .filter(comparison ->
            WORDS.containsKey(comparison.fact())
                && !WORDS.getOrDefault(comparison.fact(), List.of()).contains(comparison.word()));
  }

  private static boolean forbids(Comparison comparison) {
    return comparison.required() && comparison.kind() != Comparison.Kind.NOT_EQUAL;
  }

  private static String said(Comparison comparison) {
    var word = "\"" + comparison.word() + "\"";
    return switch (comparison.kind()) {
      case EQUAL -> comparison.fact() + " == " + word;
      case NOT_EQUAL -> comparison.fact() + " != " + word;
      case CONTAINS -> comparison.fact() + ".contains(" + word + ")";
    };
  }

  private static Problem problem(
      Comparison comparison, CompiledPolicies.Placed placed, String message) {
    int at = placed.statement().text().indexOf("\"" + comparison.word() + "\"");
    var known =
        WORDS.getOrDefault(comparison.fact(), List.of()).stream()
            .filter(word -> !word.equals("unknown"))
            .toList();
    return placed.problem(
        at < 0 ? placed.start() : at, message, Nearest.remedy(comparison.word(), known));
  }
}
