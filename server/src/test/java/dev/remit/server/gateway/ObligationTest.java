package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Obligation;
import dev.remit.kernel.policy.Obligations;
import dev.remit.kernel.policy.PolicyId;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is permitted only under obligations is narrowed, or it does not happen.
@Tag("R99")
class ObligationTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<PolicyId> BECAUSE = List.of(new PolicyId("narrow"));
  private final GatewayWorld world = new GatewayWorld();

  @BeforeEach
  void a_tool_with_a_number() {
    var tool = JSON.createObjectNode().put("name", "query").put("description", "Queries");
    var schema = tool.putObject("inputSchema").put("type", "object");
    var properties = schema.putObject("properties");
    properties.putObject("rows").put("type", "integer").put("x-mcp-header", "Rows");
    properties.putObject("of").put("type", "string");
    properties.putObject("amount").put("type", "number");
    world.upstream.offers(tool);
    world.declare(
        """
        apiVersion: remit.dev/v1
        kind: Tool
        metadata: {name: files/query}
        spec:
          resource: files
          tool: query
          effects: [read]
          dataClasses: [internal]
          definition:
            digest: "%s"
            inputSchema: %s
        """
            .formatted(world.upstream.digest("query"), schema));
  }

  @AfterEach
  void nothing_is_left() {
    world.close();
  }

  private void obliges(List<Obligation.Limit> limits, String... redacted) {
    var redactions = List.of(redacted).stream().map(Obligation.Redact::new).toList();
    var obligations = new Obligations(limits, redactions, Set.of());
    world.policy.rule = _ -> new Decision.Modify(BECAUSE, obligations, List.of());
  }

  private void limitsRows() {
    obliges(List.of(new Obligation.Limit("/rows", 1, 100)));
  }

  private HttpResponse<String> query(String arguments) {
    return world.call(world.token(), "query", arguments);
  }

  private JsonNode received() {
    var calls =
        world.upstream.seen.stream().filter(one -> one.body().contains("tools/call")).toList();
    return JSON.readTree(calls.getLast().body());
  }

  private void answers(String result) {
    world.upstream.on(
        "tools/call",
        (exchange, message) ->
            TestUpstream.json(
                exchange,
                "{\"jsonrpc\":\"2.0\",\"id\":"
                    + message.get("id")
                    + ",\"result\":"
                    + result
                    + "}"));
  }

  private void answersText(String text) {
    answers(TestUpstream.said(text).toString());
  }

  private JsonNode decided() {
    return world.entries("call.decided").getLast();
  }

  @Test
  void a_number_beyond_its_limit_is_lowered_and_nothing_else_is_touched() {
    limitsRows();

    var got = query("{\"of\":\"a\\u0000b\",\"rows\":5000,\"amount\":0.12345678901234567890}");

    assertThat(got.body()).contains("done");
    var body = world.upstream.seen.getLast().body();
    assertThat(body).contains("\"rows\":100", "0.12345678901234567890", "\"of\":\"a\\u0000b\"");
    assertThat(received().path("id").intValue()).isEqualTo(7);
  }

  @Test
  void what_was_sent_is_recorded_beside_what_was_asked() {
    limitsRows();

    query("{\"rows\":5000}");

    assertThat(decided().path("decision").asString("")).isEqualTo("modify");
    assertThat(decided().path("narrowed").booleanValue()).isTrue();
    assertThat(decided().path("obligations").toString()).isEqualTo("[\"limit /rows:1..100\"]");
    assertThat(decided().path("bodies").toString()).contains("question", "sent");
  }

  @Test
  void a_call_within_the_limit_travels_as_it_came() {
    limitsRows();

    query("{ \"rows\" :  99 }");

    assertThat(world.upstream.seen.getLast().body()).contains("{ \"rows\" :  99 }");
    assertThat(decided().has("narrowed")).isFalse();
  }

  @Test
  void a_header_that_repeats_a_narrowed_argument_says_what_is_sent() {
    limitsRows();
    var token = world.token();
    var params = "\"name\":\"query\",\"arguments\":{\"rows\":5000},";

    var got =
        world.send(
            world
                .modern(token, "tools/call", params)
                .header("Mcp-Name", "query")
                .header("Mcp-Param-Rows", "5000"));

    assertThat(got.body()).contains("done");
    assertThat(world.upstream.seen.getLast().header("Mcp-Param-Rows")).isEqualTo("100");
    assertThat(received().at("/params/arguments/rows").intValue()).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"rows\":0}", "{\"of\":\"5000\"}"})
  void what_cannot_be_limited_is_denied_for_that_reason(String arguments) {
    limitsRows();

    var got = query(arguments);

    assertThat(GatewayWorld.reason(got)).isEqualTo("obligation-unfulfilled");
    assertThat(GatewayWorld.refusal(got).path("text").asString("")).contains("`/rows`");
    assertThat(world.upstream.count("tools/call")).isZero();
    assertThat(decided().path("decision").asString("")).isEqualTo("deny");
    assertThat(decided().path("ground").asString("")).isEqualTo("unfulfilled");
  }

  @Test
  void a_narrowed_call_that_breaks_the_schema_is_denied() {
    obliges(List.of(new Obligation.Limit("/amount", 0, 5)));
    world.declare(
        """
        apiVersion: remit.dev/v1
        kind: Tool
        metadata: {name: files/query}
        spec:
          resource: files
          tool: query
          effects: [read]
          dataClasses: [internal]
          definition:
            digest: "%s"
            inputSchema: {type: object, properties: {amount: {type: number, minimum: 10}}}
        """
            .formatted(world.upstream.digest("query")));

    var got = query("{\"amount\":20}");

    assertThat(GatewayWorld.reason(got)).isEqualTo("obligation-unfulfilled");
    assertThat(world.upstream.count("tools/call")).isZero();
  }

  @Test
  void a_field_is_redacted_in_text_and_in_structure_and_other_numbers_keep_their_digits() {
    obliges(List.of(), "ssn");
    answers(
        """
        {"content":[{"type":"text","text":"{\\"ssn\\":\\"123\\",\\"sum\\":0.12345678901234567890}"}],
        "structuredContent":{"patients":[{"SSN":"123","born":1970,"ssn":{"raw":"123"}}]},
        "_meta":{"ssn":123}}\
        """);

    var got = query("{}");

    var result = JSON.readTree(got.body()).path("result");
    assertThat(got.body()).doesNotContain("123\"", ":123");
    assertThat(result.at("/content/0/text").asString(""))
        .isEqualTo("{\"ssn\":\"[redacted]\",\"sum\":0.12345678901234567890}");
    assertThat(result.path("structuredContent").toString())
        .isEqualTo("{\"patients\":[{\"SSN\":\"[redacted]\",\"born\":1970,\"ssn\":null}]}");
    var ended = world.ended(GatewayWorld.decision(got));
    assertThat(ended.path("redacted").intValue()).isEqualTo(4);
    assertThat(ended.path("passed").asString("")).isNotEqualTo(ended.path("answer").asString(""));
  }

  /// What an answer could try to get a field past the redaction of `ssn`.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ssn\":\"safe\",\"ssn\":\"123-45\"}",
        "{\"ok\":1} {\"ssn\":\"123-45\"}",
        "the ssn is 123-45",
        "\"123-45\"",
        "{\"note\":\"x {\\\"ssn\\\": \\\"123-45\\\"}\"}",
        "{\"note\":\"SSN = 123-45\"}",
        "{\"note\":\"{\\\"ssn\\\":\\\"123-45\\\",\\\"ssn\\\":1}\"}",
        "{\"ssn\":\"123-45\"",
      })
  void an_answer_that_cannot_be_redacted_reliably_is_withheld(String text) {
    obliges(List.of(), "ssn");
    answersText(text);

    var got = query("{}");

    assertThat(got.body()).doesNotContain("123-45");
    assertThat(GatewayWorld.reason(got)).isEqualTo("result-withheld");
    assertThat(world.ended(GatewayWorld.decision(got)).path("reason").asString(""))
        .isEqualTo("result-withheld");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"b\":[{\"c\":{\"ssn\":\"123-45\"}}]}}",
        "{\"\\u0073sn\":\"123-45\"}",
        "{\"note\":\"{\\\"deep\\\":[{\\\"ssn\\\":\\\"123-45\\\"}]}\"}",
        "[[{\"Ssn\":[\"123-45\"]}]]",
      })
  void a_field_that_is_nested_or_spelled_differently_is_still_found(String text) {
    obliges(List.of(), "ssn");
    answersText(text);

    var got = query("{}");

    assertThat(got.body()).doesNotContain("123-45");
    assertThat(JSON.readTree(got.body()).at("/result/isError").isMissingNode()).isTrue();
    assertThat(world.ended(GatewayWorld.decision(got)).path("redacted").intValue()).isEqualTo(1);
  }

  @Test
  void a_path_redacts_where_it_leads_and_lets_the_same_name_stand_elsewhere() {
    obliges(List.of(), "/patients/*/name");
    answersText(
        "{\"patients\":[{\"name\":\"Anna\"},{\"name\":\"Bea\"}],\"ward\":{\"name\":\"C3\"}}");

    var got = query("{}");

    assertThat(got.body()).doesNotContain("Anna", "Bea").contains("C3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"patients\":{\"1\":{\"x\":{\"name\":\"Anna\"}}}}",
        "{\"people\":[{\"name\":\"Anna\"}]}",
        "{\"patients\":[{\"also\":{\"name\":\"Anna\"},\"name\":\"x\"}]}",
      })
  void a_field_where_its_path_does_not_lead_withholds_the_answer(String text) {
    obliges(List.of(), "/patients/*/name");
    answersText(text);

    var got = query("{}");

    assertThat(got.body()).doesNotContain("Anna");
    assertThat(GatewayWorld.reason(got)).isEqualTo("result-withheld");
  }

  @Test
  void a_wrapped_path_is_found() {
    obliges(List.of(), "/patients/*/name");
    answersText("{\"patients\":[],\"page\":{\"patients\":[{\"name\":\"Anna\"}]}}");

    var got = query("{}");

    assertThat(got.body()).doesNotContain("Anna").contains("[redacted]");
  }

  @Test
  void pictures_errors_and_refusals_of_the_server_are_withheld() {
    obliges(List.of(), "ssn");
    var token = world.token();
    var answers =
        List.of(
            "{\"content\":[{\"type\":\"image\",\"data\":\"MTIzLTQ1\",\"mimeType\":\"image/png\"}]}",
            "{\"content\":[{\"type\":\"resource\",\"resource\":{\"uri\":\"x:y\",\"blob\":\"MTIzLTQ1\"}}]}",
            "{\"content\":[{\"type\":\"text\",\"text\":\"no such ssn 123-45\"}],\"isError\":true}");

    for (var answer : answers) {
      answers(answer);
      var got = world.call(token, "query", "{}");

      assertThat(GatewayWorld.reason(got)).as(answer).isEqualTo("result-withheld");
      assertThat(got.body()).doesNotContain("MTIzLTQ1", "123-45");
    }
    world.upstream.on(
        "tools/call",
        (exchange, message) ->
            TestUpstream.json(
                exchange,
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32000,\"message\":\"123-45\"}}"));
    assertThat(world.call(token, "query", "{}").body()).doesNotContain("123-45");
    world.upstream.on(
        "tools/call",
        (exchange, _) -> TestUpstream.send(exchange, 500, "text/plain", "ssn 123-45"));
    assertThat(world.call(token, "query", "{}").body()).doesNotContain("123-45");
  }

  @Test
  void of_a_stream_only_progress_without_words_and_the_redacted_answer_pass() {
    obliges(List.of(), "ssn");
    world.upstream.on(
        "tools/call",
        (exchange, message) ->
            TestUpstream.events(
                    exchange,
                    ": ssn 123-45\n\n",
                    "id: 123-45\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
                        + "\"params\":{\"progressToken\":1,\"progress\":2,\"message\":\"123-45\"}}\n\n",
                    "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\","
                        + "\"params\":{\"level\":\"info\",\"data\":\"123-45\"}}\n\n",
                    "data: {\"jsonrpc\":\"2.0\",\"id\":99,\"method\":\"elicitation/create\","
                        + "\"params\":{\"message\":\"is it 123-45?\"}}\n\n",
                    "data: "
                        + TestUpstream.result(message, TestUpstream.said("{\"ssn\":\"123-45\"}"))
                        + "\n\n")
                .close());

    var got = query("{}");

    assertThat(got.body()).doesNotContain("123-45").contains("[redacted]", "\"progress\":2");
  }

  @Test
  void an_answer_to_be_redacted_is_not_waited_for_on_another_stream() {
    obliges(List.of(), "ssn");
    world.upstream.on(
        "tools/call",
        (exchange, message) -> TestUpstream.events(exchange, "id: 1\ndata: \n\n").close());

    var got = query("{}");

    assertThat(got.body()).contains("upstream-broken");
  }

  @Test
  void a_deferred_call_is_not_executed_and_says_when_to_try_again() {
    world.policy.rule = _ -> new Decision.Defer(BECAUSE, Duration.ofHours(2), List.of());

    var got = query("{\"rows\":1}");

    assertThat(GatewayWorld.reason(got)).isEqualTo("deferred");
    assertThat(GatewayWorld.refusal(got).path("retryAt").asString("")).isNotEmpty();
    assertThat(world.upstream.count("tools/call")).isZero();
    assertThat(decided().path("decision").asString("")).isEqualTo("defer");
    assertThat(decided().path("retryAfterSeconds").intValue()).isEqualTo(7200);
  }

  @Test
  void a_held_call_is_narrowed_when_it_is_released() {
    var limits = List.of(new Obligation.Limit("/rows", 0, 100));
    world.policy.rule =
        question ->
            question.facts().approved()
                ? new Decision.Modify(
                    BECAUSE, new Obligations(limits, List.of(), Set.of()), List.of())
                : new Decision.Hold(
                    BECAUSE, Set.of(Role.APPROVER), Duration.ofMinutes(10), List.of());
    var token = world.token();
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting =
          java.util.concurrent.CompletableFuture.supplyAsync(
              () -> world.call(token, "query", "{\"rows\":5000}"), threads);
      org.awaitility.Awaitility.await().until(() -> !world.approvals.list(true).isEmpty());
      world.approvals.answer(
          world.approvals.list(true).getFirst().id(),
          new dev.remit.kernel.identity.PersonName("bea"),
          Set.of(Role.APPROVER),
          dev.remit.server.approvals.Answering.once(true, "fine"),
          java.time.Instant.now());

      assertThat(waiting.join().body()).contains("done");
    }
    assertThat(received().at("/params/arguments/rows").intValue()).isEqualTo(100);
  }
}
