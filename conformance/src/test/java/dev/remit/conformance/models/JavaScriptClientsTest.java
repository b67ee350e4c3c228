package dev.remit.conformance.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.node.NodeTools;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The official JavaScript clients of OpenAI and Anthropic, unmodified, at the model gateway, and
/// an agent that carries what its model proposes through the gateway of tools. Runs where npm is
/// installed.
@Tag("R220")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaScriptClientsTest {
  private static final String TOLD = "The tools said: 5; remit: an area of activity";

  private NodeTools.Ready node;
  private ModelTrial trial;

  @BeforeAll
  void start(@TempDir Path folder) {
    node = ModelTrial.node();
    trial = new ModelTrial(folder);
  }

  @AfterAll
  void stop() {
    if (trial != null) {
      trial.close();
    }
  }

  @Test
  void the_client_of_openai_works_as_it_comes() {
    var said = trial.script(node, "openai-client.mjs", trial.openai());

    assertThat(said.at("/chat/text").asString()).isEqualTo("You said: hello");
    assertThat(said.at("/chat/tokens").asInt()).isEqualTo(29);
    assertThat(said.at("/chatStream/text").asString()).isEqualTo("You said: one two three");
    assertThat(said.at("/chatStream/tokens").asInt()).isEqualTo(29);
    assertThat(said.at("/untoldUsage/told").asBoolean()).isFalse();
    assertThat(texts(said.at("/chatCalls/names"))).containsExactly("add", "lookup");
    assertThat(said.at("/chatCalls/finish").asString()).isEqualTo("tool_calls");
    for (var way : List.of("/runTools", "/runToolsStream")) {
      assertThat(said.at(way + "/text").asString()).isEqualTo(TOLD);
      assertThat(texts(said.at(way + "/ran"))).containsExactly("add", "lookup");
    }
    assertThat(said.at("/response/text").asString()).isEqualTo("You said: hello");
    assertThat(texts(said.at("/responseCalls/names"))).containsExactly("add", "lookup");
    assertThat(said.at("/responseCalls/text").asString()).isEqualTo(TOLD);
    assertThat(said.path("embedding").toString()).isEqualTo("[0.25,-0.5,1]");
    assertThat(texts(said.path("models"))).containsExactly("clerk-1");
  }

  @Test
  void the_client_of_openai_is_told_of_refusals_in_its_own_errors() {
    var said = trial.script(node, "openai-client.mjs", trial.openai());

    assertRefused(said.at("/refusals/model"), "not-granted", "no grant lets this identity ask");
    assertRefused(said.at("/refusals/stream"), "not-granted", "no grant lets this identity ask");
    assertRefused(said.at("/refusals/hosted"), "hosted-tool", "web_search");
    assertRefused(said.at("/refusals/kept"), "retained-by-provider", "store");
    assertThat(said.at("/refusals/token/isAuthentication").asBoolean()).isTrue();
    assertThat(said.at("/refusals/path/status").asInt()).isEqualTo(404);
    assertThat(said.at("/oneRefused/text").asString())
        .startsWith("Let me see. ")
        .contains("Remit refused the call of `rm`");
    assertThat(texts(said.at("/oneRefused/names"))).containsExactly("add");
    assertThat(texts(said.at("/refusedItem/types"))).containsExactly("message", "message");
    assertThat(said.at("/refusedItem/text").asString()).contains("Remit refused the call of `rm`");
  }

  @Test
  void the_client_of_anthropic_works_as_it_comes() {
    var said = trial.script(node, "anthropic-client.mjs", trial.anthropic());

    assertThat(said.at("/message/text").asString()).isEqualTo("You said: hello");
    assertThat(said.at("/message/tokens").asInt()).isEqualTo(10);
    assertThat(said.at("/stream/text").asString()).isEqualTo("You said: one two three");
    assertThat(said.at("/stream/pieces").asString()).isEqualTo("You said: one two three");
    assertThat(texts(said.at("/calls/names"))).containsExactly("add", "lookup");
    assertThat(said.at("/calls/stop").asString()).isEqualTo("tool_use");
    assertThat(said.at("/calls/text").asString()).isEqualTo(TOLD);
    assertThat(said.path("wholeCalls").toString())
        .isEqualTo("[{\"a\":2,\"b\":3},{\"word\":\"remit\"}]");
    assertThat(said.at("/toolRunner/text").asString()).isEqualTo(TOLD);
    assertThat(texts(said.at("/toolRunner/ran"))).containsExactly("add", "lookup");
    assertRefused(said.path("thread"), "retained-by-provider", "by `thread`");
    assertThat(said.path("count").asInt()).isEqualTo(14);
    assertThat(texts(said.path("models"))).containsExactly("clerk-1");
    assertRefused(said.at("/refusals/model"), "not-granted", "no grant lets this identity ask");
    assertRefused(said.at("/refusals/stream"), "not-granted", "no grant lets this identity ask");
    assertRefused(said.at("/refusals/hosted"), "hosted-tool", "web_search");
    assertThat(said.at("/refusals/token/isAuthentication").asBoolean()).isTrue();
    assertThat(said.at("/oneRefused/text").asString()).contains("Remit refused the call of `rm`");
    assertThat(texts(said.at("/oneRefused/names"))).containsExactly("add");
  }

  /// The whole chain, as somebody would set it up: the agent asks its model through Remit, the
  /// model proposes, the agent calls the server through Remit and tells its model what came of it.
  /// On record each call stands with its proposal.
  @Test
  @Tag("R190")
  @Tag("R194")
  void what_a_model_proposes_and_what_the_agent_then_does_are_one_task() {
    trial.everything(node);

    var said =
        trial
            .cli()
            .run(
                "run",
                "--identity",
                "trial-agent",
                "--openai",
                "llm",
                "--tools",
                "everything",
                "--",
                node.node().toString(),
                ModelTrial.installed("agent.mjs").toString(),
                "REMIT_MCP_EVERYTHING",
                "call echo {\"message\":\"hi\"} and get-sum {\"a\":20,\"b\":22}");

    assertThat(said.status()).as(said.output()).isZero();
    assertThat(said.output()).contains("Echo: hi").contains("42");
    var course = trial.course();
    var proposals =
        steps(course, "asked").stream().flatMap(one -> stream(one.path("proposals"))).toList();
    assertThat(proposals)
        .extracting(one -> one.path("tool").asString())
        .containsExactly("everything/echo", "everything/get-sum");
    var calls =
        steps(course, "called").stream()
            .filter(one -> one.path("target").asString().startsWith("everything/"))
            .toList();
    assertThat(calls)
        .extracting(
            one -> one.path("target").asString() + " " + one.path("proposedBy").asString(""))
        .containsExactlyInAnyOrder(
            "everything/echo " + proposals.getFirst().path("id").asString(),
            "everything/get-sum " + proposals.getLast().path("id").asString());
    assertThat(trial.tasksAtWork()).doesNotContain(course.path("task").asString());
  }

  private static List<JsonNode> steps(JsonNode course, String kind) {
    return stream(course.path("steps"))
        .filter(one -> one.path("kind").asString("").equals(kind))
        .toList();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /// A person who reads the message knows what to do; a program finds it in parts.
  private static void assertRefused(JsonNode error, String reason, String text) {
    assertThat(error.path("isPermissionDenied").asBoolean()).as(error.toString()).isTrue();
    assertThat(error.path("status").asInt()).isEqualTo(403);
    assertThat(error.path("message").asString())
        .contains("Remit: ")
        .contains(text)
        .contains("Next: ")
        .contains("(decision dec_");
    assertThat(error.at("/remit/reason").asString()).isEqualTo(reason);
    assertThat(error.at("/remit/next").asString()).isNotEmpty();
  }

  private static List<String> texts(JsonNode array) {
    return stream(array).map(JsonNode::asString).toList();
  }
}
