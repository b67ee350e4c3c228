package dev.remit.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.cli.RunningCli;
import dev.remit.cli.TestTerminal;
import dev.remit.cli.keys.KeyFile;
import dev.remit.cli.keys.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
  private static final String AGENT =
      "echo \"$OPENAI_BASE_URL\"; echo \"$REMIT_MCP_FILES\"; read go; exit 7";

  @TempDir private Path home;
  private FakeGateway gateway;

  @BeforeEach
  void start() throws Exception {
    var key = SigningKey.fresh();
    gateway = new FakeGateway(key.publicJwk().toString());
    new KeyFile("pilot-agent", FakeGateway.SPIFFE, "assist", gateway.address().toString(), key)
        .create(home.resolve("keys"));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void an_agent_reaches_its_model_and_its_server_in_one_task_that_ends_with_it() throws Exception {
    try (var cli =
        RunningCli.start(
            home,
            Map.of("REMIT_HOME", home.toString()),
            "run",
            "--openai",
            "models",
            "--tools",
            "files",
            "--",
            "sh",
            "-c",
            AGENT)) {
      var openai = cli.hearLine();
      var files = cli.hearLine();

      int asked = post(openai + "/chat/completions");
      int called = post(files);
      int elsewhere = post(files.replace("/mcp/files", "/mcp/other"));
      cli.say("go");

      assertThat(cli.exitCode()).isEqualTo(7);
      assertThat(openai).endsWith("/llm/models/v1");
      assertThat(asked).isEqualTo(200);
      assertThat(called).isEqualTo(200);
      assertThat(elsewhere).isEqualTo(404);
    }
    assertThat(gateway.details).hasSize(2);
    assertThat(gateway.details.getFirst().has("task")).isFalse();
    assertThat(gateway.details.getLast().path("task").asString()).isEqualTo(FakeGateway.TASK);
    assertThat(gateway.seen)
        .extracting(one -> one.headers().get("authorization"))
        .containsExactly("Bearer token-1", "Bearer token-3");
    assertThat(gateway.seen).allMatch(one -> !one.headers().containsKey("x-api-key"));
    assertThat(gateway.completed).singleElement().asString().contains(FakeGateway.TASK);
  }

  @Test
  void what_it_may_reach_has_to_be_said() {
    var terminal = new TestTerminal(home).with("REMIT_HOME", home.toString());

    int status = terminal.run("run", "--", "true");

    assertThat(status).isNotZero();
    assertThat(terminal.err())
        .contains("nothing is said of what it may reach")
        .contains("--openai or --anthropic");
  }

  private static int post(String url) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url))
                  .header("x-api-key", "remit")
                  .POST(
                      BodyPublishers.ofString(
                          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}"))
                  .build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }
}
