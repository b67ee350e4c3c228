package dev.remit.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import io.helidon.webserver.WebServer;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EdgeTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Map<String, Caller> CALLERS =
      Map.of(
          "Bearer auditor", new Caller.PersonCaller(new PersonName("aude"), Set.of(Role.AUDITOR)),
          "Bearer security", new Caller.PersonCaller(new PersonName("sam"), Set.of(Role.SECURITY)),
          "Bearer task", new Caller.TaskCaller(new IdentityName("bot"), TaskId.fresh(NOW)));

  private static final int LINES = 200_000;

  private static WebServer server;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    var edge =
        new Edge(
            InstantSource.fixed(NOW),
            (presented, _) ->
                presented.authorization().isEmpty()
                    ? new Caller.Anonymous()
                    : CALLERS.getOrDefault(
                        presented.authorization(),
                        new Caller.Unrecognised("the token is not one of ours")),
            e ->
                e instanceof UncheckedIOException
                    ? Optional.of(new Problem(503, "away", "the store is away", "wait"))
                    : Optional.empty());
    server =
        WebServer.builder()
            .address(InetAddress.getLoopbackAddress())
            .port(0)
            .routing(edge.routing(operations()))
            .build()
            .start();
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.stop();
  }

  private static List<Operation> operations() {
    return List.of(
        new Operation(
            Method.GET,
            "/things/{name}",
            Access.people(Role.SECURITY, Role.ADMIN),
            "Show a thing",
            call ->
                Reply.json(
                    200,
                    JSON.createObjectNode()
                        .put("name", call.param("name", IdentityName::new).value()))),
        new Operation(
            Method.POST,
            "/things",
            Access.taskOr(Role.AUDITOR),
            "Echo a thing",
            call -> Reply.json(200, call.json())),
        new Operation(
            Method.POST,
            "/form",
            new Access.Open(),
            "Echo a form",
            call -> Reply.json(200, JSON.valueToTree(call.form()))),
        new Operation(
            Method.GET,
            "/away",
            new Access.Open(),
            "Fail as the world fails",
            _ -> {
              throw new UncheckedIOException(new java.io.IOException("gone"));
            }),
        Operation.flowing(
            Method.GET,
            "/lines",
            Access.people(Role.AUDITOR),
            "Write many lines",
            call ->
                switch (call.query("of").orElse("")) {
                  case "away" -> throw new UncheckedIOException(new java.io.IOException("gone"));
                  case "" -> throw new ProblemException(Problem.badRequest("of what?", "say of"));
                  default -> new Flow("text/plain", EdgeTest::lines);
                }),
        new Operation(
            Method.GET,
            "/bug",
            new Access.Open(),
            "Fail as a bug fails",
            _ -> {
              throw new IllegalStateException("secret detail");
            }));
  }

  private static void lines(OutputStream out) throws java.io.IOException {
    for (int i = 0; i < LINES; i++) {
      out.write("line\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void a_long_answer_is_written_as_it_goes_to_whoever_may_have_it() throws Exception {
    var answer = get("/lines?of=x", "Bearer auditor");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain");
    assertThat(answer.body().lines().count()).isEqualTo(LINES);
  }

  @ParameterizedTest
  @CsvSource({
    "?of=x, '', 401",
    "?of=x, Bearer task, 403",
    "'', Bearer auditor, 400",
    "?of=away, Bearer auditor, 503"
  })
  void a_long_answer_that_is_refused_or_cannot_begin_is_a_problem_like_any_other(
      String query, String authorization, int status) throws Exception {
    var answer = get("/lines" + query, authorization);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 401, no credential",
    "Bearer forged, 401, not one of ours",
    "Bearer auditor, 403, 'security, admin'",
    "Bearer task, 403, a task token cannot",
  })
  void whoever_may_not_call_is_told_why(String authorization, int status, String says)
      throws Exception {
    var answer = get("/things/a", authorization);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(answer).get("detail").stringValue()).contains(says);
    assertThat(json(answer).get("remedy").stringValue()).isNotEmpty();
  }

  @Test
  void who_holds_a_role_may_call() throws Exception {
    assertThat(get("/things/a", "Bearer security").statusCode()).isEqualTo(200);
  }

  @Test
  void a_task_may_call_what_is_open_to_tasks_and_a_person_needs_the_role() throws Exception {
    assertThat(post("/things", "Bearer task", "{\"a\":1}").statusCode()).isEqualTo(200);
    assertThat(post("/things", "Bearer auditor", "{\"a\":1}").statusCode()).isEqualTo(200);
    assertThat(post("/things", "Bearer security", "{\"a\":1}").statusCode()).isEqualTo(403);
    assertThat(post("/things", "", "{\"a\":1}").statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"a\":1,\"a\":2}|Duplicate", "[1]|not a JSON object", "{|JSON", "{} {}|JSON"})
  void a_body_that_is_not_one_json_object_is_refused(String body, String says) throws Exception {
    var answer = post("/things", "Bearer task", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("detail").stringValue()).contains(says);
  }

  @Test
  void a_path_segment_of_the_wrong_form_is_the_callers_mistake() throws Exception {
    var answer = get("/things/A%20B", "Bearer security");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("detail").stringValue()).contains("`A B`");
  }

  @Test
  void a_form_parameter_that_comes_twice_is_refused() throws Exception {
    assertThat(post("/form", "", "a=1&b=x%20y").body()).isEqualTo("{\"a\":\"1\",\"b\":\"x y\"}");
    assertThat(post("/form", "", "a=1&a=2").statusCode()).isEqualTo(400);
  }

  @Test
  void a_body_over_the_limit_is_refused_whole() throws Exception {
    var answer = post("/form", "", "a=" + "x".repeat(9 * 1024 * 1024));

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void a_broken_world_is_said_and_a_bug_tells_nothing() throws Exception {
    assertThat(json(get("/away", "")).get("detail").stringValue()).isEqualTo("the store is away");

    var bug = get("/bug", "");

    assertThat(bug.statusCode()).isEqualTo(500);
    assertThat(bug.body()).doesNotContain("secret detail");
  }

  @Test
  void an_unknown_operation_names_where_the_known_ones_are() throws Exception {
    var answer = get("/nothing", "");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer).get("remedy").stringValue()).contains("/v1/openapi.json");
  }

  @Test
  void every_operation_is_described_with_who_may_call_it() throws Exception {
    var paths = json(get("/v1/openapi.json", "")).get("paths");

    assertThat(paths.propertyNames())
        .containsExactlyInAnyOrder(
            "/things/{name}", "/things", "/form", "/away", "/lines", "/bug", "/v1/openapi.json");
    assertThat(paths.at("/~1things~1{name}/get/x-remit-access/roles").toString())
        .isEqualTo("[\"security\",\"admin\"]");
  }

  @Test
  void two_operations_with_one_name_are_a_bug() {
    var edge =
        new Edge(InstantSource.fixed(NOW), (_, _) -> new Caller.Anonymous(), _ -> Optional.empty());
    var one = operations().getFirst();

    assertThatThrownBy(() -> edge.routing(List.of(one, one))).hasMessageContaining("GET /things");
  }

  private static HttpResponse<String> get(String path, String authorization) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).GET(), authorization);
  }

  private static HttpResponse<String> post(String path, String authorization, String body)
      throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)),
        authorization);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, String authorization)
      throws Exception {
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }
}
