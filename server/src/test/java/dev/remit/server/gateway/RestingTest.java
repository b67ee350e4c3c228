package dev.remit.server.gateway;

import static dev.remit.server.gateway.HeldPayments.INVOICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.Quorum;
import dev.remit.kernel.policy.Terms;
import dev.remit.server.approvals.Answering;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.approvals.ApprovalsConfig;
import dev.remit.server.approvals.ForTask;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What was agreed to is void as soon as anything changes that it rested on, and one answer may be
/// good for a task.
@Tag("R93")
@Tag("R172")
class RestingTest {
  private static final ApprovalsConfig CROWDED =
      new ApprovalsConfig(
          Duration.ofMinutes(10),
          1024,
          ApprovalsConfig.DEFAULT.reminding(),
          ApprovalsConfig.DEFAULT.forTask(),
          new ApprovalsConfig.Crowding(4, 100, 100, 100, Duration.ofMinutes(10)));

  private static final Decision FIVE_AT_ONCE =
      new Decision.Hold(
          List.of(new PolicyId("four-eyes")),
          new Terms(Set.of(new Quorum(1, Set.of(Role.APPROVER))), 5, Set.of()),
          Duration.ofMinutes(10),
          List.of());

  private final GatewayWorld world =
      new GatewayWorld(
          GatewayWorld.patience(Duration.ofSeconds(5), Duration.ofMillis(200)), CROWDED);
  private final String token;

  RestingTest() {
    world.declare(model("0.2") + "---\n" + agentWithModel());
    token = world.token();
  }

  @BeforeEach
  void paying_is_held() {
    world.policy.rule = HeldPayments.holding("pay");
  }

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  @ParameterizedTest
  @CsvSource({
    "model, the model gpt has changed",
    "grant, the grant invoice-agent-files allows something else",
    "tool, the tool files/pay has other effects",
    "server, the server behind the resource files has changed",
    "approver, bea no longer holds the role approver"
  })
  void a_change_voids_what_was_agreed_to_and_says_which(String what, String says) {
    var granted = HeldPayments.granted(world, token);
    world.declare(changed(what));

    var again = world.call(token, "pay", INVOICE);

    var voided = world.approvals.find(granted.id()).orElseThrow();
    assertThat(voided.state()).isEqualTo(State.VOID);
    assertThat(voided.answer().orElseThrow().reason()).startsWith(says);
    assertThat(GatewayWorld.reason(again)).isEqualTo("awaiting-approval");
    assertThat(HeldPayments.approval(world, again).id()).isNotEqualTo(granted.id());
    assertThat(world.upstream.count("tools/call")).isZero();
    assertThat(world.entries("finding.raised"))
        .extracting(entry -> entry.path("kind").stringValue())
        .containsExactly("approval-void");
  }

  @Test
  void what_it_rests_on_is_shown_and_recorded() {
    var held = HeldPayments.approval(world, world.call(token, "pay", INVOICE));

    assertThat(held.assumptions().all().stream().map(one -> one.json().path("assumes").asString()))
        .containsExactlyInAnyOrder("model", "grant", "tool", "server", "policies", "owner");
    assertThat(world.entries("approval.opened").getFirst().path("assumptions"))
        .isEqualTo(held.assumptions().json());
  }

  @Test
  void one_answer_for_the_task_lets_further_calls_through_and_each_is_on_record() {
    world.policy.rule =
        question -> question.facts().approved() ? RuledDecisions.ALLOW : FIVE_AT_ONCE;
    var held = HeldPayments.approval(world, world.call(token, "pay", INVOICE));
    world.approvals.answer(
        held.id(),
        new PersonName("bea"),
        Set.of(Role.APPROVER),
        new Answering(
            true,
            "the March run",
            Optional.of(new ForTask(3, Instant.now().plusSeconds(60), Set.of("invoice")))),
        Instant.now());

    var answers =
        IntStream.range(17, 21)
            .mapToObj(n -> world.call(token, "pay", "{\"invoice\":\"" + n + "\"}"))
            .toList();

    assertThat(answers.subList(0, 3)).allSatisfy(got -> assertThat(got.body()).contains("done"));
    assertThat(GatewayWorld.reason(answers.get(3))).isEqualTo("awaiting-approval");
    assertThat(world.upstream.count("tools/call")).isEqualTo(3);
    assertThat(
            world.entries("approval.opened").stream()
                .filter(entry -> entry.path("under").asString("").equals(held.id().value())))
        .hasSize(2);
  }

  @Test
  void an_agent_that_asks_too_much_is_told_to_wait() {
    var answers =
        IntStream.range(0, 6)
            .mapToObj(n -> world.call(token, "pay", "{\"invoice\":\"" + n + "\"}"))
            .map(GatewayWorld::reason)
            .toList();

    assertThat(answers.subList(0, 4)).containsOnly("awaiting-approval");
    assertThat(answers.subList(4, 6)).containsOnly("too-many-held");
    assertThat(world.entries("call.refused")).hasSize(2);
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  private String changed(String what) {
    return switch (what) {
      case "model" -> model("0.9");
      case "approver" ->
          """
          apiVersion: remit.dev/v1
          kind: Person
          metadata: {name: bea}
          spec: {displayName: Bea, email: bea@example.org, roles: [privacy]}
          """;
      case "tool" ->
          GatewayWorld.toolManifest("pay", "invoice", world.upstream.digest("pay"))
              .replace("effects: [read]", "effects: [write]");
      case "server" ->
          """
          apiVersion: remit.dev/v1
          kind: Resource
          metadata: {name: files}
          spec:
            type: mcp
            environment: test
            upstream: {http: {url: "%s", headers: {X-Other: {secret: upstream-key}}}}
          """
              .formatted(world.upstream.url());
      case "grant" ->
          """
          apiVersion: remit.dev/v1
          kind: Grant
          metadata: {name: invoice-agent-files}
          spec:
            identity: invoice-agent
            resource: files
            tools: ["*"]
            dataClasses: [internal]
            limits: {callsPerTask: 50}
            approvedBy: admin
            expires: %s
          """
              .formatted(LocalDate.now(ZoneOffset.UTC).plusDays(60));
      default -> throw new IllegalArgumentException(what);
    };
  }

  private static String model(String temperature) {
    return """
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: gpt}
    spec:
      provider: acme
      model: acme-large
      version: "1"
      parameters: {temperature: "%s"}
      lifecycle: ga
    """
        .formatted(temperature);
  }

  private String agentWithModel() {
    return """
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: invoice-agent}
    spec:
      workflow: invoices
      kind: agent
      autonomy: acts-alone
      model: gpt
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%s]}}
    """
        .formatted(world.key.toPublicJWK().toJSONString());
  }
}
