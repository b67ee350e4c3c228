package dev.remit.conformance.authzen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// What must not be answered, who must not be answered, and what must not become a yes.
@Tag("R99")
class BadAskingTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String EVALUATION = "/access/v1/evaluation";
  private static final String EVALUATIONS = "/access/v1/evaluations";
  private static final String SUBJECTS = "/access/v1/search/subject";
  private static final String GOOD =
      """
      {"subject":{"type":"user","id":"alice"},"action":{"name":"read"},
       "resource":{"type":"record","id":"record-1"}%s}
      """;

  @TempDir static Path folder;
  private static RemitProcess remit;
  private static Workload edge;
  private static DecisionPoint pdp;
  private static Workload second;
  private static DecisionPoint quiet;

  @BeforeAll
  static void start() {
    folder.toFile().setExecutable(true, false);
    remit = RemitProcess.start(folder.resolve("data"));
    edge = Records.edge();
    second = Workload.fresh("spiffe://remit.local/edge/other-gateway");
    var third = Workload.fresh("spiffe://remit.local/edge/quiet");
    remit.admin().apply(Records.text(edge) + others(second.jwk(), third.jwk()));
    pdp = DecisionPoint.as(edge, "enforce", remit);
    quiet = DecisionPoint.as(third, "enforce", remit);
  }

  /// A second enforcement point, for the same records, and an agent that asks nothing.
  private static String others(String second, String third) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: other-gateway}
    spec:
      workflow: edge
      kind: service
      autonomy: acts-alone
      authenticatesBy: [{privateKeyJwt: {jwks: {keys: [%s]}}}]
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: other-asks}
    spec: {identity: other-gateway, resource: record, asks: [user], approvedBy: admin, expires: %s}
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: quiet}
    spec:
      workflow: edge
      kind: service
      autonomy: acts-alone
      authenticatesBy: [{privateKeyJwt: {jwks: {keys: [%s]}}}]
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: olga}
    spec: {displayName: Olga, email: olga@example.org, roles: [owner], standing: active}
    """
        .formatted(second, java.time.LocalDate.now(java.time.ZoneOffset.UTC).plusDays(60), third);
  }

  @AfterAll
  static void stop() {
    remit.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "{",
        "{}{}",
        "\u0000",
        "{\"subject\":{\"type\":\"user\",\"id\":\"alice\",\"id\":\"bob\"}}",
        "{\"subject\":[],\"action\":{\"name\":\"read\"},\"resource\":{}}",
        "{\"subject\":{\"type\":1,\"id\":\"a\"},\"action\":{\"name\":\"read\"},"
            + "\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}}",
        "{\"subject\":{\"type\":\"user\",\"id\":\"\"},\"action\":{\"name\":\"read\"},"
            + "\"resource\":{\"type\":\"record\",\"id\":\"record-1\"}}"
      })
  void what_cannot_be_read_is_a_bad_request_that_says_what_to_do(String body) {
    for (var path : List.of(EVALUATION, EVALUATIONS)) {
      var answer = pdp.send(path, body);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      var problem = JSON.readTree(answer.body());
      assertThat(problem.path("detail").asString("")).isNotEmpty();
      assertThat(problem.path("remedy").asString("")).contains("authzen.md");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"context\":7",
        ",\"context\":{\"task\":\"x\"}",
        ",\"context\":{\"task\":{\"id\":\"task_x\"}}",
        ",\"context\":{\"task\":{\"callsSoFar\":-1}}",
        ",\"context\":{\"task\":{\"callsSoFar\":1.5}}",
        ",\"context\":{\"task\":{\"touched\":[1]}}"
      })
  void a_context_of_the_wrong_types_is_a_bad_request(String more) {
    assertThat(pdp.send(EVALUATION, GOOD.formatted(more)).statusCode()).isEqualTo(400);
  }

  @Test
  void deep_and_long_requests_are_refused() {
    var deep = "[".repeat(100) + "]".repeat(100);
    var longer = "x".repeat(1024 * 1024);

    assertThat(
            pdp.send(EVALUATION, GOOD.formatted(",\"context\":{\"a\":" + deep + "}")).statusCode())
        .isEqualTo(400);
    assertThat(pdp.send(EVALUATION, GOOD.formatted(",\"x\":\"" + longer + "\"")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void a_batch_is_bounded_and_of_objects() {
    var many = GOOD.formatted(",\"evaluations\":[" + "{},".repeat(100) + "{}]");

    assertThat(pdp.send(EVALUATIONS, many).body()).contains("101").contains("more than 100");
    for (var wrong : List.of("7", "{}", "[7]", "[{},null]")) {
      var body = GOOD.formatted(",\"evaluations\":" + wrong);
      assertThat(pdp.send(EVALUATIONS, body).statusCode()).as(wrong).isEqualTo(400);
    }
    for (var wrong : List.of("7", "{\"evaluations_semantic\":\"some\"}")) {
      var body = GOOD.formatted(",\"options\":" + wrong + ",\"evaluations\":[{}]");
      assertThat(pdp.send(EVALUATIONS, body).statusCode()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void what_is_not_registered_is_denied_and_not_an_error() {
    var admin = DecisionPoint.asAdmin(remit);
    for (var row :
        List.of(
            List.of("spaceship", "alice", "read", "record", "record-1", "unknown-subject"),
            List.of("person", "admin", "read", "record", "record-1", "unknown-subject"),
            List.of("user", "nobody", "read", "record", "record-1", "unknown-subject"),
            List.of("user", "alice", "fly", "record", "record-1", "unknown-action"),
            List.of("user", "alice", "read", "spaceship", "record-1", "unknown-resource"),
            List.of("user", "alice", "read", "tool", "record/read", "unknown-action"),
            List.of("identity", "alice", "call", "tool", "record/none", "unknown-resource"),
            List.of("user", "alice", "read", "record", "record-9", "bad-arguments"),
            List.of("user", "edge-gateway", "read", "record", "record-1", "unknown-subject"),
            List.of("user", "bob", "delete", "record", "record-1", "not-granted"))) {
      var answer = admin.ask(EVALUATION, question(row));

      assertThat(answer.get("decision").booleanValue()).as("%s", row).isFalse();
      assertThat(answer.at("/context/reason").asString("")).isEqualTo(row.get(5));
      assertThat(answer.at("/context/next").asString("")).isNotEmpty();
    }
  }

  private static String question(List<String> row) {
    return """
    {"subject":{"type":"%s","id":"%s"},"action":{"name":"%s"},
     "resource":{"type":"%s","id":"%s"}}
    """
        .formatted(row.subList(0, 5).toArray());
  }

  @Test
  @Tag("R80")
  void nobody_asks_who_was_not_let_in() {
    var body = GOOD.formatted("");
    var stranger = new DecisionPoint(remit.address(), "");
    var forger = new DecisionPoint(remit.address(), pdp.token() + "x");
    var owner = new DecisionPoint(remit.address(), remit.admin().person("olga").token());
    var forTools =
        new DecisionPoint(
            remit.address(), edge.start(remit.address(), "record", "enforce", List.of()).value());

    for (var path : List.of(EVALUATION, EVALUATIONS, SUBJECTS)) {
      assertThat(stranger.send(path, body).statusCode()).isEqualTo(401);
      assertThat(forger.send(path, body).statusCode()).isEqualTo(401);
      assertThat(owner.send(path, body).statusCode()).isEqualTo(403);
      assertThat(quiet.send(path, body).body()).contains("not-an-asker");
      assertThat(forTools.send(path, body).body()).contains("wrong-audience");
    }
  }

  @Test
  @Tag("R80")
  void an_enforcement_point_learns_nothing_beyond_its_grants() {
    var foreign = GOOD.replace("\"record-1\"", "\"x\"").replace("\"record\"", "\"%s\"");
    var there = pdp.send(EVALUATION, foreign.formatted("edge", ""));
    var nowhere = pdp.send(EVALUATION, foreign.formatted("no-such-thing", ""));

    assertThat(there.statusCode()).isEqualTo(403);
    assertThat(nowhere.statusCode()).isEqualTo(403);
    assertThat(nowhere.body()).isEqualTo(there.body());
    var aboutItself = GOOD.replace("\"user\"", "\"edge\"").replace("alice", "edge-gateway");
    assertThat(pdp.send(EVALUATION, aboutItself.formatted("")).statusCode()).isEqualTo(403);
    var identities = pdp.ask(SUBJECTS, GOOD.replace("\"user\"", "\"identity\"").formatted(""));
    assertThat(identities.get("results")).hasSize(2);
  }

  @Test
  void a_page_token_is_good_for_its_query_and_its_caller_only() {
    var first = pdp.ask(SUBJECTS, GOOD.formatted(",\"page\":{\"limit\":1}"));
    var token = first.at("/page/next_token").stringValue();
    var page = ",\"page\":{\"token\":\"%s\"%s}";
    var good = GOOD.formatted(page.formatted(token, ""));

    assertThat(pdp.send(SUBJECTS, good).statusCode()).isEqualTo(200);
    assertThat(token).doesNotContain("alice");
    var other = DecisionPoint.as(second, "enforce", remit);
    assertThat(other.send(SUBJECTS, good).statusCode()).as("foreign").isEqualTo(400);
    assertThat(pdp.send(SUBJECTS, good.replace("\"read\"", "\"write\"")).statusCode())
        .as("another query")
        .isEqualTo(400);
    assertThat(pdp.send("/access/v1/search/resource", good).statusCode()).isEqualTo(400);
    var altered = (token.charAt(0) == 'A' ? "B" : "A") + token.substring(1);
    for (var wrong : List.of("", "x", "%%", altered, token + token, "A".repeat(9_000))) {
      var body = GOOD.formatted(page.formatted(wrong, ""));
      assertThat(pdp.send(SUBJECTS, body).statusCode()).as(wrong).isEqualTo(400);
    }
    var otherLimit = GOOD.formatted(page.formatted(token, ",\"limit\":2"));
    assertThat(pdp.send(SUBJECTS, otherLimit).statusCode()).isEqualTo(400);
    for (var wrong : List.of("-1", "1.5", "\"1\"", "null")) {
      var body = GOOD.formatted(",\"page\":{\"limit\":" + wrong + "}");
      assertThat(pdp.send(SUBJECTS, body).statusCode()).as(wrong).isEqualTo(400);
    }
    var huge = GOOD.formatted(",\"page\":{\"limit\":100000000000000000000}");
    assertThat(pdp.ask(SUBJECTS, huge).get("results")).hasSize(2);
  }

  @Test
  @Tag("R81")
  void what_was_answered_is_on_record_before_it_is_answered() {
    var answer = pdp.send(EVALUATION, GOOD.formatted(""), Map.of("X-Request-ID", "edge-request-7"));
    var id = JSON.readTree(answer.body()).at("/context/id").stringValue();

    var admin = remit.admin();
    var explained = admin.get("/v1/decisions/" + id);
    assertThat(answer.headers().firstValue("Remit-Decision")).hasValue(id);
    assertThat(answer.headers().firstValue("Remit-Receipt")).isPresent();
    assertThat(explained.get("outcome").stringValue()).isEqualTo("allow");
    var entries =
        admin.exchange(admin.request("/v1/ledger/entries?limit=10000").GET()).body().lines();
    assertThat(entries.filter(line -> line.contains(id)))
        .singleElement()
        .asString()
        .contains("\"type\":\"decision.asked\"")
        .contains("edge-request-7")
        .contains("spiffe://remit.local/edge/edge-gateway");
  }

  @Test
  @Tag("R57")
  void a_suspended_subject_is_denied_and_a_suspended_asker_is_not_answered() {
    var admin = remit.admin();
    var other = DecisionPoint.as(second, "enforce", remit);
    suspend(admin, "bob");
    var read = GOOD.replace("alice", "bob").formatted("");

    var denied = pdp.ask(EVALUATION, read);
    admin.resume("identities/bob");
    suspend(admin, "other-gateway");

    assertThat(denied.get("decision").booleanValue()).isFalse();
    assertThat(denied.at("/context/reason").stringValue()).isEqualTo("identity-suspended");
    assertThat(pdp.ask(EVALUATION, read).get("decision").booleanValue()).isTrue();
    assertThat(other.send(EVALUATION, read).statusCode()).isEqualTo(401);
    admin.resume("identities/other-gateway");
  }

  private static void suspend(Operator admin, String identity) {
    admin.post(
        "/v1/identities/" + identity + "/suspend",
        JSON.createObjectNode().put("reason", "a test of standing"));
  }

  /// So that an enforcement point cannot open the gateway with what it asks with.
  @Test
  void a_token_to_ask_with_opens_no_tool() {
    var answer =
        new Operator(remit.address(), pdp.token())
            .exchange(
                HttpRequest.newBuilder(remit.address().resolve("/mcp/record"))
                    .header("Authorization", "Bearer " + pdp.token())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}")));

    assertThat(answer.statusCode()).isEqualTo(401);
  }
}
