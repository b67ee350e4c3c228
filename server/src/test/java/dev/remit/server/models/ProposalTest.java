package dev.remit.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Calls that a model proposes wait until they are complete, judged and on record.
@Tag("R89")
class ProposalTest {
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"read_file\"}},"
          + "{\"type\":\"function\",\"function\":{\"name\":\"pay\"}}]";

  private final ModelsWorld world = new ModelsWorld();

  @AfterEach
  void everything_is_on_record() {
    world.close();
  }

  @Test
  void an_allowed_call_passes_byte_for_byte_once_it_is_on_record() {
    var events = ScriptedModel.proposes("read_file", "{\"path\":\"a\"}");
    streams(events);

    var answer = world.chat(world.token(), TOOLS + ",\"stream\":true");

    assertThat(answer.body()).isEqualTo(String.join("", events));
    var proposed = world.entries("model.proposed").getFirst();
    assertThat(proposed.path("verdict").asString()).isEqualTo("passed");
    assertThat(proposed.path("target").asString()).isEqualTo("files/read_file");
    assertThat(proposed.path("of").asString())
        .isEqualTo(world.entries("call.decided").getFirst().path("id").asString());
    assertThat(world.outcome().path("proposed").get(0)).isEqualTo(proposed.path("id"));
  }

  @Test
  void a_denied_call_is_replaced_by_words_so_that_the_client_goes_on() {
    streams(ScriptedModel.proposes("files_pay", "{\"path\":\"a\"}"));

    var answer = world.chat(world.token(), TOOLS + ",\"stream\":true");

    assertThat(answer.body()).doesNotContain("tool_calls").contains("Remit refused the call");
    assertThat(answer.body()).contains("\"finish_reason\":\"stop\"").endsWith("data: [DONE]\n\n");
    assertThat(world.entries("model.proposed").getFirst().path("verdict").asString())
        .isEqualTo("refused");
  }

  @Test
  void a_tool_that_nobody_declared_takes_a_policy_for_it() {
    streams(ScriptedModel.proposes("rm", "{}"));
    var token = world.token();

    var refused = world.chat(token, ",\"stream\":true");
    world.policy("propose", "permit (principal, action == Action::\"propose\", resource);");
    var passed = world.chat(token, ",\"stream\":true");

    assertThat(refused.body()).doesNotContain("tool_calls");
    assertThat(passed.body()).contains("tool_calls").contains("\"rm\"");
  }

  @Test
  void broken_arguments_are_no_call() {
    streams(ScriptedModel.proposes("read_file", "{\"path\":"));

    var answer = world.chat(world.token(), TOOLS + ",\"stream\":true");

    assertThat(answer.body()).doesNotContain("tool_calls").contains("not JSON");
    assertThat(world.entries("model.proposed").getFirst().path("reason").asString())
        .isEqualTo("broken-arguments");
  }

  @Test
  void under_suspicion_only_tools_that_read_are_proposed() {
    world.policy("pay", "permit (principal, action == Action::\"files/pay\", resource);");
    world.bindings = (_, _, _) -> new Bindings.Bound.Suspect("chg_1", "it answers otherwise");
    whole("pay");
    var token = world.token();

    var pay = world.chat(token, TOOLS);
    whole("read_file");
    var read = world.chat(token, TOOLS);

    assertThat(choice(pay).path("finish_reason").asString()).isEqualTo("stop");
    assertThat(choice(pay).at("/message/content").asString()).contains("may have changed");
    assertThat(choice(read).path("finish_reason").asString()).isEqualTo("tool_calls");
  }

  @Test
  void a_refused_block_of_a_message_becomes_text_at_its_place() {
    world.provider.at(
        "/v1/messages",
        (exchange, asked) ->
            ScriptedModel.stream(
                exchange,
                sse(
                    "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\","
                        + "\"model\":\"clerk-1\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}"),
                sse(
                    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":"
                        + "\"tool_use\",\"id\":\"t\",\"name\":\"pay\",\"input\":{}}}"),
                sse(
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
                        + "\"input_json_delta\",\"partial_json\":\"{}\"}}"),
                sse("{\"type\":\"content_block_stop\",\"index\":0}"),
                sse(
                    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},"
                        + "\"usage\":{\"output_tokens\":7}}"),
                sse("{\"type\":\"message_stop\"}")));

    var answer =
        world.ask(
            world.token(),
            "/v1/messages",
            "{\"model\":\"clerk-1\",\"max_tokens\":9,\"messages\":[],\"stream\":true}");

    assertThat(answer.body())
        .doesNotContain("tool_use")
        .contains("text_delta")
        .contains("end_turn")
        .contains("message_stop");
    assertThat(world.outcome().path("tokensOut").asLong()).isEqualTo(7);
  }

  @Test
  void a_refused_item_of_a_response_becomes_a_message_in_events_and_in_the_end() {
    var item =
        "{\"id\":\"f1\",\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"pay\","
            + "\"arguments\":\"{}\",\"status\":\"completed\"}";
    world.provider.at(
        "/v1/responses",
        (exchange, asked) ->
            ScriptedModel.stream(
                exchange,
                sse(
                    "{\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":"
                        + "\"r\",\"model\":\"clerk-1\",\"output\":[]}}"),
                sse(
                    "{\"type\":\"response.output_item.added\",\"sequence_number\":1,"
                        + "\"output_index\":0,\"item\":"
                        + item
                        + "}"),
                sse(
                    "{\"type\":\"response.function_call_arguments.done\",\"sequence_number\":2,"
                        + "\"output_index\":0,\"item_id\":\"f1\",\"arguments\":\"{}\"}"),
                sse(
                    "{\"type\":\"response.output_item.done\",\"sequence_number\":3,"
                        + "\"output_index\":0,\"item\":"
                        + item
                        + "}"),
                sse(
                    "{\"type\":\"response.completed\",\"sequence_number\":4,\"response\":{\"id\":"
                        + "\"r\",\"model\":\"clerk-1\",\"status\":\"completed\",\"output\":["
                        + item
                        + "],\"usage\":{\"input_tokens\":5,\"output_tokens\":6}}}")));

    var answer =
        world.ask(
            world.token(),
            "/v1/responses",
            "{\"model\":\"clerk-1\",\"input\":\"x\",\"stream\":true}");

    assertThat(answer.body()).doesNotContain("function_call").contains("response.output_text.done");
    assertThat(answer.body()).contains("\"sequence_number\":7");
    assertThat(world.outcome().path("tokens").asLong()).isEqualTo(11);
  }

  private void streams(String... events) {
    world.provider.at(
        ModelsWorld.CHAT, (exchange, asked) -> ScriptedModel.stream(exchange, events));
  }

  private void whole(String tool) {
    world.provider.at(
        ModelsWorld.CHAT,
        (exchange, asked) ->
            ScriptedModel.json(
                exchange,
                200,
                """
                {"id":"c","model":"clerk-1","choices":[{"index":0,"message":{"role":"assistant","content":null,\
                "tool_calls":[{"id":"1","type":"function","function":{"name":"%s","arguments":"{}"}}]},\
                "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}\
                """
                    .formatted(tool)));
  }

  private static JsonNode choice(java.net.http.HttpResponse<String> answer) {
    return ModelsWorld.JSON.readTree(answer.body()).at("/choices/0");
  }

  private static String sse(String data) {
    var type = ModelsWorld.JSON.readTree(data).path("type").asString();
    return "event: " + type + "\ndata: " + data + "\n\n";
  }
}
