package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.PolicyName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.DataClass;
import dev.remit.server.registry.Declared;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.PolicyCheck.Verdict;
import dev.remit.server.registry.PolicyText;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Workflow;
import dev.remit.server.risk.RiskRules;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A small organisation: one workflow with one agent, a file server with a reading and a writing
/// tool, and a payment tool whose arguments are typed in every way.
final class DecisionsWorld {
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  static final IdentityName AGENT = new IdentityName("invoice-agent");
  static final Model MODEL =
      new Model(
          new ModelName("clerk"),
          "example",
          "clerk-large",
          Optional.of("2026-10-01"),
          Map.of("temperature", "0.2"),
          OptionalLong.of(200_000),
          Map.of(),
          Lifecycle.BETA);
  private static final TaskId TASK = TaskId.fresh(NOW);

  final PolicyDecisions decisions;
  private final List<Declared> declared = new ArrayList<>();
  private long version = 1;

  DecisionsWorld() {
    this(DecisionEngine.COMPILED);
  }

  DecisionsWorld(DecisionEngine engine) {
    this(engine, Evaluator.COMPILED, PastDecisions.NONE, PassedGates.NONE);
  }

  DecisionsWorld(
      DecisionEngine engine, Evaluator evaluator, PastDecisions past, PassedGates gates) {
    this(engine, evaluator, past, gates, 0);
  }

  DecisionsWorld(
      DecisionEngine engine,
      Evaluator evaluator,
      PastDecisions past,
      PassedGates gates,
      int secondOpinionEvery) {
    decisions =
        new PolicyDecisions(
            new DecisionConfig(
                engine, 300, 100, 1_000, 1_000_000, secondOpinionEvery, 4, RiskRules.DEFAULT),
            evaluator,
            past,
            gates,
            InstantSource.fixed(NOW));
    declared.add(
        new Person(
            new PersonName("anna"),
            "Anna",
            Optional.empty(),
            Optional.empty(),
            Set.of(Role.OWNER, Role.APPROVER),
            true));
    declared.add(MODEL);
    declared.add(new DataClass("internal", "what stays in the house", 40));
    declared.add(workflow("invoices"));
    declared.add(agent(AGENT.value()));
    for (var name : List.of("files", "bank")) {
      declared.add(
          new Resource(
              new ResourceName(name),
              Environment.PRODUCTION,
              new Upstream.Http(URI.create("http://127.0.0.1:1/mcp"), Map.of())));
    }
    tool("files/read_file", Set.of(Effect.READ), "internal", "{'path':{'type':'string'}}", "path");
    tool(
        "files/write_file", Set.of(Effect.WRITE), "internal", "{'path':{'type':'string'}}", "path");
    tool(
        "bank/pay",
        Set.of(Effect.WRITE, Effect.DESTRUCTIVE),
        "patient",
        """
        {'amount':{'type':'number'},'count':{'type':'integer'},'to':{'type':'string'},
         'urgent':{'type':'boolean'},'tags':{'type':'array','items':{'type':'string'}},
         'note':{'anyOf':[{'type':'string'},{'type':'null'}]},
         'party':{'type':'object','properties':{'country':{'type':'string'}}}}
        """,
        "amount");
  }

  static Workflow workflow(String name) {
    return new Workflow(
        new WorkflowName(name),
        "read invoices",
        new PersonName("anna"),
        Optional.empty(),
        "mail",
        Set.of("internal", "patient"),
        Set.of("read-invoices"),
        Stage.PRODUCTION,
        Optional.empty(),
        Duration.ofDays(365),
        ZoneId.of("Europe/Zurich"));
  }

  void tool(
      String name, Set<Effect> effects, String dataClass, String properties, String required) {
    var schema =
        json("{'type':'object','properties':" + properties + ",'required':['" + required + "']}");
    var amount =
        schema.at("/properties/amount").isMissingNode()
            ? Optional.<String>empty()
            : Optional.of("amount");
    declared.add(
        new Tool(
            ToolName.parse(name), effects, Set.of(dataClass), amount, Digest.of(name), schema));
  }

  void declare(Declared more) {
    declared.add(more);
  }

  Registered with(String... cedar) {
    var all = new ArrayList<>(declared);
    for (int i = 0; i < cedar.length; i++) {
      all.add(new PolicyText(new PolicyName("p" + i), "", cedar[i]));
    }
    return new Registered(version++, all);
  }

  Verdict check(String... cedar) {
    return decisions.check(with(cedar));
  }

  void activate(String... cedar) {
    decisions.activate(with(cedar));
  }

  Decided call(String tool, String arguments) {
    return call(tool, arguments, CallFacts.NONE);
  }

  Decided call(String tool, String arguments, CallFacts facts) {
    return decisions.decide(question(tool, new Arguments.Given(json(arguments)), facts));
  }

  static Question question(String tool, Arguments arguments, CallFacts facts) {
    return new Question(
        AGENT, task(), Action.CALL, new Target.OfTool(ToolName.parse(tool)), arguments, facts, NOW);
  }

  /// An agent of the workflow, like the one that asks.
  static Identity agent(String name) {
    return new Identity(
        new IdentityName(name),
        new SpiffeId("spiffe://example.org/invoices/" + name),
        new WorkflowName("invoices"),
        IdentityKind.AGENT,
        Autonomy.ACTS_ALONE,
        Optional.of(MODEL.name()),
        Set.of(),
        List.of(
            new Authentication.Oidc(
                URI.create("https://issuer.example"), "remit", name, Map.of())));
  }

  static TaskFacts task() {
    return new TaskFacts(
        TASK,
        "read-invoices",
        50,
        NOW.plusSeconds(900),
        List.of(),
        new Usage(3, 1, Map.of("bank/pay", 2L), 4, 2_000, Set.of("internal"), 2, 7));
  }

  static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }
}
