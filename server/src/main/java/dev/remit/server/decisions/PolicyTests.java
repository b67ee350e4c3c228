package dev.remit.server.decisions;

import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;
import dev.remit.server.registry.Draft;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.registry.shape.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tries cases on the policies of manifests that nobody has applied, by the evaluator that decides
/// in production. Needs neither a server nor a database.
public final class PolicyTests {
  private final Draft draft;
  private final CompiledPolicies compiled;
  private final PolicySet policies;
  private final PolicyCoverage coverage;
  private final Map<Supposition.Changes, World> worlds = new HashMap<>();

  private PolicyTests(Draft draft, CompiledPolicies compiled) {
    this.draft = draft;
    this.compiled = compiled;
    this.policies = new PolicySet(compiled.policies());
    this.coverage = new PolicyCoverage(policies, this::place);
  }

  /// Tries the cases of `tests` on `manifests`.
  ///
  /// @return `problems` as of a plan; `cases` in their order, each with what was expected and what
  ///   was decided; `passed` and `failed`, how many; and `coverage`. Where a problem is an error,
  ///   nothing is tried
  public static ObjectNode run(List<ManifestFile> manifests, List<ManifestFile> tests) {
    var draft = Draft.of(manifests, PolicyCases.NOW);
    var flaws = new ArrayList<>(draft.flaws());
    if (flaws.stream().anyMatch(Flaw::isError)) {
      return answer(flaws);
    }
    var registered = draft.registered();
    var world = new World(registered);
    var compiled = CompiledPolicies.of(registered, world);
    compiled.problems().forEach(problem -> flaws.add(draft.flaw(problem)));
    PolicyFindings.of(compiled, world).forEach(finding -> flaws.add(draft.warning(finding)));
    var cases = PolicyCases.read(tests, registered, flaws);
    var answer = answer(flaws);
    if (flaws.stream().noneMatch(Flaw::isError)) {
      new PolicyTests(draft, compiled).run(cases, answer);
    }
    return answer;
  }

  private static ObjectNode answer(List<Flaw> flaws) {
    var answer = JsonMapper.shared().createObjectNode();
    var problems = answer.putArray("problems");
    flaws.stream()
        .sorted(Comparator.comparing(Flaw::place))
        .forEach(flaw -> problems.add(json(flaw)));
    return answer;
  }

  private static ObjectNode json(Flaw flaw) {
    return place(JsonMapper.shared().createObjectNode(), flaw.place())
        .put("rule", flaw.rule())
        .put("severity", flaw.severity().word())
        .put("message", flaw.message())
        .put("remedy", flaw.remedy());
  }

  private static ObjectNode place(ObjectNode json, Place place) {
    return json.put("file", place.file()).put("line", place.line()).put("column", place.column());
  }

  private void run(List<PolicyCase> cases, ObjectNode answer) {
    var tried = answer.putArray("cases");
    int passed = 0;
    for (var one : cases) {
      passed += tried(one, tried) ? 1 : 0;
    }
    answer.put("passed", passed).put("failed", cases.size() - passed);
    answer.set("coverage", coverage.toJson());
  }

  private boolean tried(PolicyCase one, ArrayNode tried) {
    long started = System.nanoTime();
    var supposition = one.supposition();
    var world =
        worlds.computeIfAbsent(
            supposition.changes(), _ -> new World(supposition.in(draft.registered())));
    var request =
        new Requests(world)
            .of(supposition.question())
            .orElseThrow(() -> new IllegalStateException("a case asks about what is not there"));
    var decision = new Trial(policies, world).of(supposition.question(), request);
    coverage.add(request, world.entities());
    if (decision instanceof Decision.Hold) {
      // A hold was found by asking what would be if a person had agreed.
      coverage.add(request.approved(), world.entities());
    }
    boolean passed = isExpected(one, decision);
    var json = place(tried.addObject(), one.place());
    json.put("name", one.name()).put("passed", passed);
    json.put("expected", one.expect()).put("decided", decision.word());
    new TreeSet<>(one.because()).forEach(json.putArray("expectedBecause")::add);
    decision.because().stream().map(PolicyId::value).forEach(json.putArray("because")::add);
    json.put("tookMicros", (System.nanoTime() - started) / 1_000);
    if (!passed) {
      explain(json, request, world, decision);
    }
    return passed;
  }

  private void explain(ObjectNode json, Request request, World world, Decision decision) {
    Reasoning.of(policies, world.entities(), request, decision).addTo(json);
  }

  private static boolean isExpected(PolicyCase one, Decision decision) {
    var because = new TreeSet<String>();
    decision.because().forEach(id -> because.add(id.value()));
    return decision.word().equals(one.expect())
        && (one.because().isEmpty() || because.equals(new TreeSet<>(one.because())));
  }

  private Place place(PolicyId id, String condition) {
    return compiled.place(id, condition, draft);
  }
}
