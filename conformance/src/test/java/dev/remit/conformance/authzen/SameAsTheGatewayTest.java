package dev.remit.conformance.authzen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Whoever asks is told what the gateway does: the same call is sent through the gateway, to a real
/// upstream, and asked about.
@Tag("R99")
class SameAsTheGatewayTest {
  /// Below nine allowed; five forbidden; seven held; of eight a forbid cannot be evaluated.
  private static final String RULES =
      """
      ---
      apiVersion: remit.dev/v1
      kind: Policy
      metadata: {name: bench-may-echo}
      spec:
        description: Everything that can happen to a call, by its number.
        cedar: |
          permit (principal, action == Action::"fast/echo", resource)
          when { context.arguments has n && context.arguments.n < 9 };
          forbid (principal, action == Action::"fast/echo", resource)
          when { context.arguments has n && context.arguments.n == 5 };
          @hold("approver")
          forbid (principal, action == Action::"fast/echo", resource)
          when { context.arguments has n && context.arguments.n == 7 } unless { context.approved };
          forbid (principal, action == Action::"fast/echo", resource)
          when {
            context.arguments has n && context.arguments.n == 8 &&
            context.arguments.n * 9223372036854775807 > 0
          };
      """;

  @TempDir static Path folder;
  private static FastUpstream upstream;
  private static RemitProcess remit;
  private static Operator agent;
  private static DecisionPoint pdp;

  @BeforeAll
  static void start() {
    folder.toFile().setExecutable(true, false);
    upstream = FastUpstream.start();
    remit = RemitProcess.start(folder.resolve("data"));
    var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    var manifests = BenchManifests.text(workload, upstream.url());
    var policy = manifests.indexOf("---\napiVersion: remit.dev/v1\nkind: Policy");
    remit
        .admin()
        .apply(
            manifests.substring(0, policy)
                + RULES
                + manifests.substring(manifests.indexOf("---", policy + 3)));
    var token = workload.start(remit.address(), "fast", "measure", List.of());
    agent = new Operator(remit.address(), token.value());
    pdp = DecisionPoint.asAdmin(remit);
  }

  @AfterAll
  static void stop() {
    remit.close();
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\":1}",
        "{\"n\":5}",
        "{\"n\":8}",
        "{\"n\":10}",
        "{}",
        "{\"n\":\"1\"}",
        "{\"n\":1.5}",
        "{\"n\":99999999999999999999}",
        "{\"n\":1,\"m\":2}",
        "{\"n\":null}",
        "[]"
      })
  void what_the_gateway_does_is_what_is_answered(String arguments) {
    long before = upstream.calls();
    call(arguments);
    boolean carried = upstream.calls() > before;

    var answer = asked(arguments);

    assertThat(answer.get("decision").booleanValue()).as(answer.toString()).isEqualTo(carried);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7 hold", "5 deny", "8 deny", "1 allow", "9 deny"})
  void the_outcome_is_named_and_only_a_plain_allow_is_a_yes(String row) {
    var parts = row.split(" ", 2);

    var answer = asked("{\"n\":" + parts[0] + "}");

    assertThat(answer.at("/context/outcome").stringValue()).isEqualTo(parts[1]);
    assertThat(answer.get("decision").booleanValue()).isEqualTo(parts[1].equals("allow"));
    assertThat(answer.at("/context/enforced").booleanValue()).isFalse();
    if (parts[1].equals("hold")) {
      assertThat(answer.at("/context/roles/0").stringValue()).isEqualTo("approver");
      assertThat(remit.admin().get("/v1/approvals").toString()).doesNotContain("bench-agent");
    }
  }

  private static JsonNode asked(String arguments) {
    return pdp.ask(
        "/access/v1/evaluation",
        """
        {"subject":{"type":"identity","id":"bench-agent"},"action":{"name":"call"},
         "resource":{"type":"tool","id":"fast/echo"},
         "context":{"arguments":%s,"task":{"intent":"measure"}}}
        """
            .formatted(arguments));
  }

  private static void call(String arguments) {
    new ModernAgent(remit.address(), "fast").call(agent.token(), "echo", arguments);
  }
}
