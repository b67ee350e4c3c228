package dev.remit.conformance.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.conformance.harness.Workload.TaskToken;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class TokenAtTheGatewayTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path folder;

  private static FastUpstream upstream;
  private static RemitProcess remit;
  private static Workload workload;

  @BeforeAll
  static void start() {
    folder.toFile().setExecutable(true, false);
    upstream = FastUpstream.start();
    remit = RemitProcess.start(folder.resolve("data"));
    workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    remit.admin().apply(BenchManifests.text(workload, upstream.url()));
  }

  @AfterAll
  static void stop() {
    remit.close();
    upstream.close();
  }

  @Test
  @Tag("R57")
  @Tag("R60")
  void a_token_stops_working_when_its_task_is_completed() {
    var token = task();
    assertThat(call(token.value()).statusCode()).isEqualTo(200);
    long before = upstream.calls();

    var completed =
        new Operator(remit.address(), token.value())
            .post("/v1/tasks/" + token.task() + "/complete", JSON.createObjectNode());
    var refused = call(token.value());

    assertThat(completed).isNotNull();
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("resource_metadata=");
    assertThat(upstream.calls()).isEqualTo(before);
  }

  @Test
  @Tag("R57")
  void a_withdrawn_token_stops_working_and_another_task_goes_on() {
    var withdrawn = task();
    var other = task();

    var answer =
        new Operator(remit.address(), withdrawn.value())
            .exchange(
                HttpRequest.newBuilder(remit.address().resolve("/oauth2/revoke"))
                    .header("Authorization", "Bearer " + withdrawn.value())
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("token=" + withdrawn.value())));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(call(withdrawn.value()).statusCode()).isEqualTo(401);
    assertThat(call(other.value()).statusCode()).isEqualTo(200);
  }

  @Test
  void a_proof_buys_one_token_and_no_second() {
    var proof = workload.proof(remit.address(), Instant.now());
    var details = JSON.createArrayNode();
    details.addObject().put("type", "https://remit.dev/task").put("intent", "measure");
    var resource = remit.address() + "/mcp/fast";

    var first = workload.exchange(remit.address(), proof, resource, details);
    var second = workload.exchange(remit.address(), proof, resource, details);

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(second.statusCode()).isEqualTo(400);
    assertThat(second.body()).doesNotContain("access_token");
  }

  @Test
  @Tag("R63")
  void an_operators_token_and_a_forged_one_open_nothing() {
    long before = upstream.calls();

    assertThat(call(remit.admin().token()).statusCode()).isEqualTo(401);
    assertThat(call(task().value() + "x").statusCode()).isEqualTo(401);

    assertThat(upstream.calls()).isEqualTo(before);
  }

  private static TaskToken task() {
    return workload.start(remit.address(), "fast", "measure", List.of());
  }

  private static HttpResponse<String> call(String token) {
    return EchoCall.of(remit, token);
  }
}
