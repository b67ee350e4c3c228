package dev.remit.conformance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Nonsense from agents, and a database that goes away, at a built and running Remit: each gets an
/// answer in the protocol's own form, and the next call goes through.
@Tag("R60")
class BadInputAtTheGatewayTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String FAST = "/mcp/fast";
  private static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

  @TempDir private static Path folder;

  private static FastTrial trial;

  @BeforeAll
  static void start() {
    trial = FastTrial.start(folder);
  }

  @AfterAll
  static void stop() {
    trial.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "tools/call  | {\"jsonrpc\":\"2.0\",                                             | 400 | -32700",
        "tools/call  | {\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}       | 400 | -32700",
        "tools/call  | [{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]              | 400 | -32600",
        "tools/steal | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/steal\",\"params\":{META}} | 404 | -32601",
        "tools/list  | {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{META,\"name\":\"echo\"}} | 400 | -32020",
      })
  void a_message_that_is_none_is_answered_and_goes_no_further(
      String method, String body, int status, int code) {
    long before = trial.upstream().calls();

    var answer = post(method, body.replace("META", META));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(answer.body()).at("/error/code").asInt(0)).isEqualTo(code);
    assertThat(answer.headers().firstValue("Remit-Decision")).isPresent();
    assertThat(trial.upstream().calls()).isEqualTo(before);
  }

  @Test
  void size_and_depth_are_bounded() {
    var deep = post("tools/call", FastTrial.ECHO.replace("\"n\":1", nested(500)));
    var large =
        post(
            "tools/call",
            FastTrial.ECHO.replace("\"n\":1", "\"n\":\"" + "x".repeat(5_000_000) + "\""));

    assertThat(deep.statusCode()).isEqualTo(400);
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(trial.call(FAST, trial.task().value()).statusCode()).isEqualTo(200);
  }

  @Test
  void an_unknown_version_is_told_the_known_ones() {
    var request =
        trial
            .modern(FAST, trial.task().value(), "tools/call", "echo")
            .setHeader("MCP-Protocol-Version", "2031-01-01")
            .POST(BodyPublishers.ofString(FastTrial.ECHO.replace("2026-07-28", "2031-01-01")));

    var answer = trial.send(request);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).at("/error/code").asInt(0)).isEqualTo(-32022);
    assertThat(JSON.readTree(answer.body()).at("/error/data/supported").toString())
        .isEqualTo("[\"2026-07-28\"]");
  }

  @Test
  void arguments_that_break_the_reviewed_schema_go_no_further() {
    long before = trial.upstream().calls();

    var answer = post("tools/call", FastTrial.ECHO.replace("\"n\":1", "\"n\":\"one\",\"m\":2"));

    assertThat(reason(answer)).isEqualTo("bad-arguments");
    assertThat(trial.upstream().calls()).isEqualTo(before);
  }

  /// The private database is killed under the running server, which starts it again.
  @Test
  void while_the_database_is_away_nothing_is_called_and_then_everything_is_as_before()
      throws IOException {
    var token = trial.task().value();
    assertThat(trial.call(FAST, token).statusCode()).isEqualTo(200);
    long before = trial.upstream().calls();

    database().destroyForcibly();
    var during = Stream.generate(() -> trial.call(FAST, token).statusCode()).limit(20).toList();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> trial.call(FAST, token).statusCode() == 200);

    assertThat(during).isSubsetOf(200, 503);
    long answered = during.stream().filter(status -> status == 200).count();
    assertThat(trial.upstream().calls()).isEqualTo(before + answered + 1);
  }

  private static ProcessHandle database() throws IOException {
    try (var files = Files.walk(trial.remit().data().resolve("postgres"))) {
      var file = files.filter(f -> f.endsWith("postmaster.pid")).findFirst().orElseThrow();
      long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
      return ProcessHandle.of(pid).orElseThrow();
    }
  }

  private static HttpResponse<String> post(String method, String body) {
    return trial.send(
        trial
            .modern(FAST, trial.task().value(), method, "echo")
            .POST(BodyPublishers.ofString(body)));
  }

  private static String nested(int depth) {
    return "\"n\":" + "[".repeat(depth) + "]".repeat(depth);
  }

  private static String reason(HttpResponse<String> answer) {
    return JSON.readTree(answer.body()).at("/result/_meta/dev.remit~1refusal/reason").asString("");
  }
}
