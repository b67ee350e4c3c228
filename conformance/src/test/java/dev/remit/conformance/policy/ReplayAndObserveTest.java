package dev.remit.conformance.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server in which cedar-java decides, as the configuration may say, and each decision is made
/// again by the other engine: what is planned, what is observed, and what is seen of both.
class ReplayAndObserveTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String GUARD =
      """
      apiVersion: remit.dev/v1
      kind: Policy
      metadata: {name: no-echo}
      spec:
        description: Nobody may echo.
        cedar: |
          forbid (principal, action == Action::"fast/echo", resource);
      """;
  private static final String SECOND_PERSON =
      """
      apiVersion: remit.dev/v1
      kind: Person
      metadata: {name: ben}
      spec: {displayName: Ben, roles: [break-glass]}
      """;

  @TempDir private static Path folder;

  private static FastUpstream upstream;
  private static RemitProcess remit;
  private static Workload workload;

  @BeforeAll
  static void start() throws IOException {
    folder.toFile().setExecutable(true, false);
    upstream = FastUpstream.start();
    var config =
        Files.writeString(
            folder.resolve("remit.yaml"), "decisions: {engine: cedar, secondOpinionEvery: 1}\n");
    remit = RemitProcess.start(folder.resolve("data"), "--config", config.toString());
    workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    remit.admin().apply(BenchManifests.text(workload, upstream.url()));
    remit.admin().apply(SECOND_PERSON);
  }

  @AfterAll
  static void stop() {
    remit.close();
    upstream.close();
  }

  private static HttpResponse<String> call() {
    var token = workload.start(remit.address(), "fast", "measure", java.util.List.of()).value();
    return new ModernAgent(remit.address(), "fast").call(token, "echo", "{\"n\":1}");
  }

  private static JsonNode plan(String manifest) {
    var body = JSON.createObjectNode();
    body.putArray("files").addObject().put("name", "no-echo.yaml").put("text", manifest);
    return remit.admin().post("/v1/registry/plan", body);
  }

  private static boolean isDenied(HttpResponse<String> answer) {
    return answer.body().contains("no-echo");
  }

  @Test
  @Tag("R92")
  @Tag("R93")
  @Tag("R99")
  void a_forbid_is_tried_on_what_happened_then_decides_then_is_observed_by_two_people() {
    var before = call();

    var planned = plan(GUARD);
    remit.admin().apply(GUARD);
    var forbidden = call();
    var wish = asked(remit.admin());
    assertThatThrownBy(() -> agree(remit.admin(), wish)).hasMessageContaining("own-request");
    agree(remit.admin().person("ben"), wish);
    var observed = call();
    var status = remit.admin().get("/v1/status");

    assertThat(before.body()).doesNotContain("isError\":true");
    var group = planned.at("/replay/groups/0");
    assertThat(group.path("was").asString()).isEqualTo("allow");
    assertThat(group.path("would").asString()).isEqualTo("deny");
    assertThat(group.path("cause").get(0).asString()).isEqualTo("no-echo");
    assertThat(group.at("/examples/0/target").asString()).isEqualTo("fast/echo");
    assertThat(isDenied(forbidden)).isTrue();
    assertThat(isDenied(observed)).isFalse();
    assertThat(status.path("enforcement").asString()).isEqualTo("observe");
    assertThat(status.path("engine").asString()).isEqualTo("cedar");
    await().until(() -> secondOpinions("compared") >= 3);
    assertThat(secondOpinions("different")).isZero();
    assertThat(remit.admin().get("/v1/findings").path("items")).isEmpty();
  }

  /// The parser is native: what overflows its stack would end the server and not only the plan.
  @Test
  void a_policy_made_to_overflow_the_parser_is_refused_and_the_server_goes_on() {
    var deep = "(".repeat(20_000) + "context.approved" + ")".repeat(20_000);

    var planned = plan(GUARD.replace("resource);", "resource) when { " + deep + " };"));

    assertThat(planned.toString()).contains("brackets nest deeper than 200");
    assertThat(remit.admin().get("/v1/status").path("engine").asString()).isEqualTo("cedar");
  }

  private static long secondOpinions(String figure) {
    return remit.admin().get("/v1/status").path("secondOpinions").path(figure).asLong();
  }

  private static String asked(Operator person) {
    var body = JSON.createObjectNode().put("for", "PT10M").put("reason", "the night run stops");
    return person.post("/v1/enforcement", body).at("/current/id").asString();
  }

  private static void agree(Operator person, String wish) {
    person.post("/v1/enforcement/" + wish + "/answer", JSON.createObjectNode().put("agree", true));
  }
}
