package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.server.tokens.TestAgent;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Calls of an agent that acts for another: never more than either may do.
@Tag("R65")
@Tag("R191")
class DelegatedCallTest {
  private static final String HELPER = "spiffe://remit.local/invoices/helper";
  private static final String PATH = "{\"path\":\"a\"}";
  private static final String INVOICE = "{\"invoice\":\"17\"}";

  private final GatewayWorld world = new GatewayWorld();
  private final TestAgent helper = new TestAgent(world.url, HELPER);

  @BeforeEach
  void declareTheHelper() {
    world.declare(
        identity("helper", helper, "[]")
            + identity("invoice-agent", world.agent, "[helper]")
            + grant("helper", "files", "*", 50));
  }

  @AfterEach
  void nothing_is_left() {
    helper.close();
    world.close();
  }

  private static String identity(String name, TestAgent agent, String delegatesTo) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: %s}
    spec:
      workflow: invoices
      kind: agent
      autonomy: acts-alone
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%s]}}
    """
            .formatted(name, agent.jwk())
        + (delegatesTo.equals("[]") ? "" : "  delegatesTo: " + delegatesTo + "\n");
  }

  private static String grant(String identity, String resource, String tool, int calls) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: %1$s-%2$s}
    spec:
      identity: %1$s
      resource: %2$s
      tools: ["%3$s"]
      dataClasses: [internal]
      limits: {callsPerTask: %4$d}
      approvedBy: admin
      expires: %5$s
    """
        .formatted(identity, resource, tool, calls, LocalDate.now(ZoneOffset.UTC).plusDays(60));
  }

  /// The agent's token by which the helper may act for it.
  private String delegation() {
    return world.agent.delegation(helper, Map.of());
  }

  @Test
  @Tag("R202")
  void a_call_says_for_whom_it_is_made() {
    var token = helper.acting(delegation(), "files");

    var answer = world.call(token, "read_file", PATH);

    assertThat(answer.statusCode()).isEqualTo(200);
    var question = world.policy.asked.getLast();
    assertThat(question.identity().value()).isEqualTo("helper");
    assertThat(question.task().delegators()).containsExactly(new IdentityName("invoice-agent"));
    var decided = world.entries("call.decided").getLast();
    assertThat(decided.path("identity").stringValue()).isEqualTo(HELPER);
    assertThat(decided.path("delegators").valueStream().map(JsonNode::stringValue))
        .containsExactly(GatewayWorld.ID);
    assertThat(decided.path("parents")).hasSize(1);
  }

  @Test
  void what_is_granted_to_the_helper_alone_is_refused() {
    world.declare(
        world
            .httpResource("extra", world.upstream.url())
            .replace("name: invoice-agent-extra", "name: helper-extra")
            .replace("identity: invoice-agent", "identity: helper"));
    var token = helper.acting(delegation(), "extra");

    var answer =
        world.send(
            world
                .to("extra", token)
                .header("MCP-Protocol-Version", GatewayWorld.LEGACY)
                .POST(
                    java.net.http.HttpRequest.BodyPublishers.ofString(
                        GatewayWorld.callBody("read_file", PATH))));

    assertThat(GatewayWorld.reason(answer)).isIn("delegator-not-granted", "out-of-reach");
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void calls_of_the_helper_are_calls_of_the_task_that_it_helps() {
    var delegation = world.agent.delegation(helper, Map.of("callsMax", 2));
    var one = helper.acting(delegation, "files");
    var other = helper.acting(delegation, "files");

    assertThat(world.call(one, "read_file", PATH).body()).doesNotContain("calls-spent");
    assertThat(world.call(other, "read_file", PATH).body()).doesNotContain("calls-spent");

    assertThat(GatewayWorld.reason(world.call(one, "read_file", PATH))).isEqualTo("calls-spent");
    assertThat(GatewayWorld.reason(world.call(other, "pay", INVOICE))).isEqualTo("calls-spent");
    assertThat(world.upstream.count("tools/call")).isEqualTo(2);
    world.restart();
    assertThat(GatewayWorld.reason(world.call(one, "read_file", PATH))).isEqualTo("calls-spent");
  }

  @Test
  @Tag("R97")
  void what_one_helper_has_touched_the_next_has_touched_too() {
    var delegation = delegation();
    var reads = helper.acting(delegation, "files");
    var pays = helper.acting(delegation, "files");
    world.policy.rule =
        question ->
            question.task().usage().touched().contains("internal")
                    && question.target().toString().contains("pay")
                ? RuledDecisions.DENY
                : RuledDecisions.ALLOW;
    var _ = world.call(reads, "read_file", PATH);

    var answer = world.call(pays, "pay", INVOICE);

    assertThat(GatewayWorld.reason(answer)).isEqualTo("denied-by-policy");
  }

  @Test
  void suspending_the_agent_cuts_what_its_helper_has_under_way() {
    var token = helper.acting(delegation(), "files");
    world.upstream.on("tools/call", (_, _) -> Thread.sleep(20_000));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var call = CompletableFuture.supplyAsync(() -> world.call(token, "read_file", PATH), threads);
      await().until(() -> world.upstream.count("tools/call") == 1);

      world.suspend();

      assertThat(call.join().body()).contains("was suspended");
    }
    assertThat(world.call(token, "read_file", PATH).statusCode()).isEqualTo(401);
  }
}
