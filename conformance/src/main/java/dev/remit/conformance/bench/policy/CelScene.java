package dev.remit.conformance.bench.policy;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The rules of a [Scene] as CEL expressions: every guard, and the one permit of the agent.
///
/// CEL has no policies, only expressions, so what is around them is written here as favourably as
/// an embedder could: compiled once, checked types, and the permit found by a hash of the agent. It
/// gives no reasons and records no errors.
final class CelScene {
  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .addVar("resource", MapType.create(SimpleType.STRING, SimpleType.DYN))
          .addVar("context", MapType.create(SimpleType.STRING, SimpleType.DYN))
          .setResultType(SimpleType.BOOL)
          .build();
  private static final CelRuntime RUNTIME = CelRuntimeFactory.legacyCelRuntimeBuilder().build();

  private final int agents;
  private final List<CelRuntime.Program> guards = new ArrayList<>();
  private final List<CelRuntime.Program> permits = new ArrayList<>();

  CelScene(int size) {
    int guarding = Math.max(1, size / 10);
    agents = size - guarding;
    for (int i = 0; i < guarding; i++) {
      guards.add(
          program(
              "'destructive' in resource.effects && context.risk > "
                  + i
                  + " && !context.approved"));
    }
    for (int i = 0; i < agents; i++) {
      permits.add(
          program(
              "context.task.intent == 'read' && context.arguments.path.startsWith('/data/"
                  + i
                  + "/') && context.arguments.limit <= 100"));
    }
  }

  /// Builds request `i` and decides it.
  ///
  /// @throws IllegalStateException if it is not allowed, as the scene intends
  void decide(int i) {
    int agent = i % agents;
    Map<String, Object> context =
        Map.of(
            "task",
            Map.of("intent", "read", "callsSoFar", (long) i),
            "touched",
            List.of("internal"),
            "arguments",
            Map.of("path", "/data/" + agent + "/file.txt", "limit", 10L),
            "time",
            1_790_000_000_000L,
            "approved",
            false,
            "risk",
            5L,
            "stage",
            "production");
    Map<String, Object> facts =
        Map.of("resource", Map.of("effects", List.of("read")), "context", context);
    try {
      for (var guard : guards) {
        if (!Boolean.FALSE.equals(guard.eval(facts))) {
          throw new IllegalStateException("a guard of request " + i + " forbids");
        }
      }
      if (!Boolean.TRUE.equals(permits.get(agent).eval(facts))) {
        throw new IllegalStateException("request " + i + " is not permitted");
      }
    } catch (CelEvaluationException e) {
      throw new IllegalStateException("CEL does not evaluate request " + i, e);
    }
  }

  private static CelRuntime.Program program(String expression) {
    try {
      return RUNTIME.createProgram(COMPILER.compile(expression).getAst());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException("CEL does not take `" + expression + "`", e);
    }
  }
}
