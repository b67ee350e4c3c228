package dev.remit.server.risk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Draft;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What makes a workflow risky, and what does not make it less so.
class RisksTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final WorkflowName DESK = new WorkflowName("desk");

  @Test
  @Tag("R121")
  void drafting_from_public_data_alone_is_of_low_risk() {
    var risk = desk(new Agent().saying("answers-only").on("ga"), new Tool("read", "public"));

    assertThat(risk.riskClass()).isEqualTo(RiskClass.LOW);
  }

  @Test
  @Tag("R121")
  @Tag("R126")
  void it_is_low_only_while_nothing_sensitive_is_within_reach() {
    var agent = new Agent().saying("answers-only").on("ga");

    var risk = desk(agent, new Tool("read", "public"), new Tool("read", "customer"));

    assertThat(risk.riskClass()).isEqualTo(RiskClass.MODERATE);
    assertThat(rules(risk)).contains("data-within-reach");
  }

  @Test
  @Tag("R121")
  void it_is_low_only_while_no_side_effect_is_within_reach() {
    var agent = new Agent().saying("answers-only").on("ga");

    var risk = desk(agent, new Tool("read", "public"), new Tool("write", "public"));

    assertThat(risk.riskClass()).isEqualTo(RiskClass.MODERATE);
    assertThat(says(risk)).contains("is said to be `answers-only`, and can do more than that");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secrets", "tickets", "cloud-api", "code-execution"})
  @Tag("R104")
  @Tag("R106")
  @Tag("R107")
  @Tag("R108")
  @Tag("R109")
  @Tag("R123")
  void a_beta_model_that_is_connected_to_them_is_of_high_risk(String effect) {
    var harmless = new Agent().saying("answers-only").on("beta");

    var risk = desk(harmless, new Tool(effect, "public").in("development"));

    assertThat(risk.riskClass().isAtLeast(RiskClass.HIGH)).isTrue();
    var reason = reason(risk, effect + "-within-reach");
    assertThat(reason.atLeast()).contains(RiskClass.HIGH);
    assertThat(reason.rows().toString())
        .contains("grant/desk-tool-0", "tool/tools/tool-0", "model/clerk");
  }

  @Test
  @Tag("R105")
  void an_agent_that_acts_alone_is_riskier_than_one_that_asks() {
    var asks = desk(new Agent().saying("acts-with-confirmation"), new Tool("write", "customer"));
    var alone = desk(new Agent().saying("acts-alone"), new Tool("write", "customer"));

    assertThat(alone.score()).isGreaterThan(asks.score());
  }

  @Test
  @Tag("R101")
  void destroying_in_production_without_asking_is_of_high_risk() {
    var alone = new Agent().saying("acts-alone").on("ga");

    assertThat(desk(alone, new Tool("destructive", "public")).riskClass())
        .isEqualTo(RiskClass.HIGH);
    assertThat(desk(alone, new Tool("destructive", "public").in("test")).riskClass())
        .isEqualTo(RiskClass.MODERATE);
  }

  @Test
  @Tag("R122")
  void a_beta_model_that_acts_counts_for_more_than_the_same_that_only_talks() {
    var talks = desk(new Agent().of("chatbot").saying("answers-only"), new Tool("read", "public"));
    var acts = desk(new Agent().of("agent").saying("acts-alone"), new Tool("read", "public"));

    assertThat(talks.riskClass()).isEqualTo(RiskClass.LOW);
    assertThat(acts.riskClass()).isEqualTo(RiskClass.MODERATE);
  }

  @Test
  @Tag("R103")
  void data_that_nobody_has_declared_counts_as_the_most_sensitive() {
    var risk = desk(new Agent().on("ga"), new Tool("read", "whatever"));

    assertThat(says(risk)).anyMatch(text -> text.contains("nobody has declared: it counts as 100"));
  }

  @Test
  @Tag("R127")
  void unstable_model_broad_grant_and_sprawled_secret_compound_to_critical() {
    var beta = new Agent().saying("acts-with-confirmation").on("beta");

    var broad = desk(beta.granted("*"), new Tool("write", "public").in("test"));
    var all = desk(beta.granted("*"), new Tool("write", "public").in("test").sharing());

    assertThat(reason(broad, "compounded").points()).isEqualTo(10);
    assertThat(all.riskClass()).isEqualTo(RiskClass.CRITICAL);
    assertThat(reason(all, "compounded").rows().toString())
        .contains("model/clerk", "grant/desk-all", "resource/tools", "resource/other");
  }

  @Test
  @Tag("R125")
  void a_workflow_is_weighed_as_if_its_identities_were_one() {
    var world = new Manifests();
    world.agent("reader", new Agent().on("ga").saying("answers-only"), new Tool("read", "patient"));
    world.agent(
        "sender", new Agent().on("ga").saying("acts-alone"), new Tool("cloud-api", "public"));

    var risks = world.risks();

    var both = risks.of(DESK);
    for (var identity : List.of("reader", "sender")) {
      var alone = risks.of(new dev.remit.kernel.identity.IdentityName(identity));
      assertThat(both.score()).isGreaterThan(alone.score());
    }
    assertThat(both.riskClass()).isEqualTo(RiskClass.HIGH);
  }

  @Test
  @Tag("R125")
  void work_that_may_be_handed_to_a_beta_model_is_as_risky_as_that() {
    var world = new Manifests();
    world.agent("helper", new Agent().on("beta").saying("acts-alone"));
    world.agent(
        "lead",
        new Agent().on("ga").saying("acts-with-confirmation").handingTo("helper"),
        new Tool("secrets", "public"));

    var lead = world.risks().of(new dev.remit.kernel.identity.IdentityName("lead"));

    assertThat(rules(lead)).contains("secrets-within-reach", "unstable-model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pilot", "production"})
  @Tag("R38")
  @Tag("R120")
  @Tag("R124")
  void no_label_lowers_it(String stage) {
    var world = new Manifests();
    world.stage = stage;
    world.purpose = "An internal, temporary beta trial";
    world.agent("agent", new Agent().saying("acts-alone"), new Tool("destructive", "customer"));
    var plain = new Manifests();
    plain.agent("agent", new Agent().saying("acts-alone"), new Tool("destructive", "customer"));

    var risk = world.risks().of(DESK);

    assertThat(risk).isEqualTo(plain.risks().of(DESK));
    assertThat(rules(risk)).contains("acts-in-production");
  }

  /// The property on which everything that is tighter for high risk rests. Tries 300 random worlds;
  /// the seed is in the message.
  @Test
  @Tag("R126")
  void more_within_reach_is_never_less_risk() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      var agent = anyAgent(random);
      var tools =
          new ArrayList<>(
              IntStream.range(0, random.nextInt(3)).mapToObj(_ -> anyTool(random)).toList());
      var before = desk(agent, tools.toArray(Tool[]::new));
      tools.add(anyTool(random));

      var after = desk(agent, tools.toArray(Tool[]::new));

      assertThat(after.score()).as("seed " + seed).isGreaterThanOrEqualTo(before.score());
      assertThat(after.riskClass().isAtLeast(before.riskClass())).as("seed " + seed).isTrue();
    }
  }

  @Test
  void a_grant_that_has_expired_reaches_nothing() {
    var world = new Manifests();
    world.agent("agent", new Agent().saying("acts-alone"), new Tool("secrets", "patient"));

    var later = Risks.of(world.registered(), RiskRules.DEFAULT, NOW.plusSeconds(400L * 86_400));

    assertThat(later.of(DESK)).isEqualTo(Risk.NONE);
  }

  private static Agent anyAgent(Random random) {
    return new Agent()
        .of(any(random, "agent", "chatbot", "service"))
        .saying(any(random, "answers-only", "acts-with-confirmation", "acts-alone"))
        .on(any(random, "beta", "ga", "withdrawn", "deprecated"));
  }

  private static Tool anyTool(Random random) {
    var effect = any(random, "read", "write", "destructive", "secrets", "tickets", "cloud-api");
    var tool = new Tool(effect, any(random, "public", "customer", "patient", "whatever"));
    return tool.in(any(random, "test", "production"));
  }

  private static String any(Random random, String... of) {
    return of[random.nextInt(of.length)];
  }

  private static Risk desk(Agent agent, Tool... tools) {
    var world = new Manifests();
    world.agent("desk", agent, tools);
    return world.risks().of(DESK);
  }

  private static List<String> rules(Risk risk) {
    return risk.reasons().stream().map(Reason::rule).toList();
  }

  private static List<String> says(Risk risk) {
    return risk.reasons().stream().map(Reason::says).toList();
  }

  private static Reason reason(Risk risk, String rule) {
    return risk.reasons().stream().filter(one -> one.rule().equals(rule)).findFirst().orElseThrow();
  }

  /// An agent, as a manifest says it.
  private record Agent(
      String kind, String autonomy, String lifecycle, String tools, String helper) {
    Agent() {
      this("agent", "acts-with-confirmation", "beta", "", "");
    }

    Agent of(String other) {
      return new Agent(other, autonomy, lifecycle, tools, helper);
    }

    Agent saying(String other) {
      return new Agent(kind, other, lifecycle, tools, helper);
    }

    Agent on(String other) {
      return new Agent(kind, autonomy, other, tools, helper);
    }

    Agent granted(String other) {
      return new Agent(kind, autonomy, lifecycle, other, helper);
    }

    Agent handingTo(String other) {
      return new Agent(kind, autonomy, lifecycle, tools, other);
    }
  }

  private record Tool(String effect, String dataClass, String environment, boolean shares) {
    Tool(String effect, String dataClass) {
      this(effect, dataClass, "production", false);
    }

    Tool in(String other) {
      return new Tool(effect, dataClass, other, shares);
    }

    Tool sharing() {
      return new Tool(effect, dataClass, environment, true);
    }
  }

  /// A small world in YAML. Every tool has a resource of its own, but for the first.
  private static final class Manifests {
    private String stage = "pilot";
    private String purpose = "Answer letters";
    private final StringBuilder all = new StringBuilder();
    private int resources;

    void agent(String name, Agent agent, Tool... tools) {
      say(
          """
          kind: Identity
          metadata: {name: %s}
          spec:
            workflow: desk
            kind: %s
            autonomy: %s
            model: %s
            %s
            authenticatesBy: [{oidc: {issuer: "https://issuer.example", audience: remit, subject: %s}}]
          """
              .formatted(
                  name,
                  agent.kind(),
                  agent.autonomy(),
                  agent.lifecycle().equals("beta") ? "clerk" : "clerk-" + agent.lifecycle(),
                  agent.helper().isEmpty() ? "" : "delegatesTo: [" + agent.helper() + "]",
                  name));
      boolean every = agent.tools().equals("*");
      for (int i = 0; i < tools.length; i++) {
        tool(name, i, tools[i], every);
      }
    }

    private void tool(String identity, int i, Tool tool, boolean every) {
      var resource = resources == 0 ? "tools" : "tools-" + resources;
      resources++;
      var secret = tool.shares() ? "{secret: shared}" : "plain";
      say(resource(resource, tool.environment(), secret));
      if (tool.shares()) {
        say(resource("other", tool.environment(), secret));
      }
      say(
          """
          kind: Tool
          metadata: {name: %1$s/tool-%2$d}
          spec:
            resource: %1$s
            tool: tool-%2$d
            effects: [%3$s]
            dataClasses: [%4$s]
            definition:
              digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000"
              inputSchema: {type: object}
          """
              .formatted(resource, i, tool.effect(), tool.dataClass()));
      say(
          """
          kind: Grant
          metadata: {name: %s-%s}
          spec:
            identity: %s
            resource: %s
            tools: [%s]
            dataClasses: [%s]
            approvedBy: admin
            expires: 2027-03-01
          """
              .formatted(
                  identity,
                  every ? "all" : "tool-" + i,
                  identity,
                  resource,
                  every ? "\"*\"" : "tool-" + i,
                  tool.dataClass()));
    }

    private static String resource(String name, String environment, String token) {
      return """
      kind: Resource
      metadata: {name: %s}
      spec:
        environment: %s
        upstream: {stdio: {command: tool, env: {TOKEN: %s}}}
      """
          .formatted(name, environment, token);
    }

    private void say(String manifest) {
      all.append("---\napiVersion: remit.dev/v1\n").append(manifest.replaceAll("(?m)^ *\n", ""));
    }

    Registered registered() {
      say(
          """
          kind: Workflow
          metadata: {name: desk}
          spec:
            purpose: %s
            owner: admin
            escalation: desk@example.org
            dataClasses: [public, customer, patient, whatever]
            intents: [answer]
            stage: %s
            retention: 30d
            %s
          """
              .formatted(purpose, stage, stage.equals("pilot") ? "pilotExpires: 2027-03-01" : ""));
      for (var one : List.of("public 5", "customer 50", "patient 95")) {
        var parts = one.split(" ", -1);
        say(
            "kind: DataClass\nmetadata: {name: %s}\nspec: {description: A class, sensitivity: %s}\n"
                .formatted(parts[0], parts[1]));
      }
      model("clerk", "beta");
      for (var lifecycle : List.of("ga", "withdrawn", "deprecated")) {
        model("clerk-" + lifecycle, lifecycle);
      }
      var draft = Draft.of(List.of(new ManifestFile("world.yaml", all.toString())), NOW);
      assertThat(draft.flaws()).isEmpty();
      return draft.registered();
    }

    private void model(String name, String lifecycle) {
      say(
          "kind: Model\nmetadata: {name: %s}\nspec: {provider: x, model: %s, lifecycle: %s}\n"
              .formatted(name, name, lifecycle));
    }

    Risks risks() {
      return Risks.of(registered(), RiskRules.DEFAULT, NOW);
    }
  }
}
