package dev.remit.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.ExportedLedger;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// SIGTERM in the middle of a call.
class DrainTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final JsonNode TOOL =
      JSON.readTree(
          "{\"name\":\"wait\",\"description\":\"Waits\",\"inputSchema\":{\"type\":\"object\"}}");

  @TempDir private Path folder;

  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch answers = new CountDownLatch(1);
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer upstream;
  private String token = "";

  @BeforeEach
  void serve() throws IOException {
    folder.toFile().setExecutable(true, false);
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    upstream.createContext("/mcp", this::answer);
    upstream.start();
  }

  @AfterEach
  void stop() {
    answers.countDown();
    client.shutdownNow();
    upstream.stop(0);
  }

  @Test
  @Tag("R200")
  void a_call_under_way_finishes_and_a_new_one_is_told_that_the_server_stops() throws Exception {
    try (var remit = started("30s")) {
      var underWay = call(remit);
      arrived.await();

      remit.process().destroy();
      var refused =
          await()
              .atMost(Duration.ofSeconds(10))
              .until(() -> call(remit).join(), answer -> answer.statusCode() == 503);
      answers.countDown();
      var answered = underWay.join();
      int status = remit.stop();

      assertThat(refused.body()).contains("\"reason\":\"stopping\"", "takes no new requests");
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
      assertThat(answered.body()).contains("waited");
      assertThat(status).isZero();
      var entries = entriesAfterRestart(remit);
      assertThat(outcome(entries, answered)).isEqualTo("answered");
      assertThat(entries).anyMatch(entry -> entry.type() == EntryType.SEAL);
    }
  }

  @Test
  @Tag("R200")
  void a_call_that_takes_too_long_is_cut_and_recorded_as_that() throws Exception {
    try (var remit = started("1s")) {
      var underWay = call(remit);
      arrived.await();

      int status = remit.stop();

      var cut = underWay.join();
      assertThat(cut.body()).contains("the server is stopping");
      assertThat(status).isZero();
      assertThat(outcome(entriesAfterRestart(remit), cut)).isEqualTo("cut");
    }
  }

  private RemitProcess started(String drainMax) throws IOException {
    var config = folder.resolve("remit.yaml");
    Files.writeString(config, "server: {drainMax: " + drainMax + "}\n");
    var remit = RemitProcess.start(folder.resolve("data"), "--config", config.toString());
    var workload = Workload.fresh("spiffe://remit.local/trial/trial-agent");
    var url = "http://127.0.0.1:" + upstream.getAddress().getPort() + "/mcp";
    remit
        .admin()
        .apply(
            Declared.agent(workload)
                + Declared.resource("slow", "{http: {url: \"" + url + "\"}}", List.of(TOOL))
                + Declared.grant("slow", List.of("*"))
                + Declared.allowAll());
    token = workload.start(remit.address(), "slow", "try", List.of()).value();
    return remit;
  }

  private CompletableFuture<HttpResponse<String>> call(RemitProcess remit) {
    var request =
        HttpRequest.newBuilder(remit.address().resolve("/mcp/slow"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2025-11-25")
            .POST(
                BodyPublishers.ofString(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
                        + "\"params\":{\"name\":\"wait\",\"arguments\":{}}}"))
            .build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  private void answer(HttpExchange exchange) throws IOException {
    var message = JSON.readTree(exchange.getRequestBody().readAllBytes());
    var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", message.path("id"));
    var result = answer.putObject("result");
    if (message.path("method").asString("").equals("tools/list")) {
      result.putArray("tools").add(TOOL);
    } else {
      arrived.countDown();
      awaitAnswers();
      result.putArray("content").addObject().put("type", "text").put("text", "waited");
    }
    byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (exchange;
        var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void awaitAnswers() {
    try {
      answers.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String outcome(List<RecordedEntry> entries, HttpResponse<String> answer) {
    var decision = answer.headers().firstValue("Remit-Decision").orElseThrow();
    return entries.stream()
        .filter(entry -> entry.type() == EntryType.CALL_ENDED)
        .filter(entry -> entry.of().orElse("").equals(decision))
        .map(entry -> entry.text("outcome").orElse("none"))
        .findFirst()
        .orElse("nothing recorded");
  }

  private List<RecordedEntry> entriesAfterRestart(RemitProcess remit) throws IOException {
    remit.restart();
    var agent = Files.createDirectories(folder.resolve("auditor"));
    var cli = Cli.of(agent, remit.address(), remit.admin().token());
    var export = agent.resolve("export");
    assertThat(cli.run("ledger", "export", export.toString()).status()).isZero();
    assertThat(cli.run("verify", export.toString()).status()).isZero();
    return new ExportedLedger(export).entries();
  }
}
