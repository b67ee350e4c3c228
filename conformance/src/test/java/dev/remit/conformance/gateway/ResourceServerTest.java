package dev.remit.conformance.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Remit as the agent's resource server and authorization server, seen from outside: what the
/// official runner asks of the servers in its own `auth/` scenarios, asked of Remit.
@Tag("R57")
@Tag("R60")
class ResourceServerTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern METADATA = Pattern.compile("resource_metadata=\"([^\"]+)\"");
  private static final String FAST = "/mcp/fast";

  @TempDir private static Path folder;

  private static FastTrial trial;

  @BeforeAll
  static void start() {
    trial = FastTrial.start(folder);
    trial.remit().admin().apply(anotherResourceAndTool());
  }

  @AfterAll
  static void stop() {
    trial.close();
  }

  @Test
  void a_stranger_is_led_from_the_challenge_to_the_token_endpoint() {
    var called = trial.remit().address() + FAST;

    var refused = trial.call(FAST, "");

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(challenge(refused)).startsWith("Bearer ").doesNotContain("error=", "scope=");
    var resource = document(metadata(refused));
    assertThat(resource.path("resource").asString("")).isEqualTo(called);
    assertThat(resource.path("bearer_methods_supported").toString()).isEqualTo("[\"header\"]");
    var issuer = resource.path("authorization_servers").path(0).asString("");
    var server = document(URI.create(issuer + "/.well-known/oauth-authorization-server"));
    assertThat(server.path("issuer").asString("")).isEqualTo(issuer);
    assertThat(server.path("token_endpoint").asString("")).startsWith(issuer + "/");
    assertThat(document(URI.create(server.path("jwks_uri").asString(""))).path("keys"))
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/.well-known/oauth-protected-resource/mcp/fast, 200",
    "/.well-known/oauth-protected-resource/mcp/other, 200",
    "/.well-known/oauth-protected-resource/mcp/unheard-of, 404",
    "/.well-known/oauth-protected-resource, 404",
    "/mcp/fast/.well-known/oauth-protected-resource, 404",
    "/.well-known/oauth-authorization-server, 200",
    "/.well-known/oauth-authorization-server/mcp/fast, 404"
  })
  void metadata_lies_where_the_address_of_its_subject_puts_it(String path, int status) {
    var answer = trial.send(HttpRequest.newBuilder(trial.remit().address().resolve(path)));

    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  @Tag("R63")
  void a_token_opens_the_one_resource_that_it_names() {
    var token = trial.task().value();

    var refused = trial.call("/mcp/other", token);

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(challenge(refused)).contains("error=\"invalid_token\"", "/mcp/other\"");
    assertThat(trial.call(FAST, token).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mcp/unheard-of", "", "https://elsewhere.example/mcp/fast"})
  void a_token_is_issued_for_nothing_but_a_resource_of_this_server(String resource) {
    var asked = resource.startsWith("https:") ? resource : trial.remit().address() + resource;

    var refused = trial.ask(trial.proof(), asked);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(refused.body()).path("error").asString(""))
        .isEqualTo("invalid_target");
  }

  @Test
  void a_token_is_taken_from_its_header_and_from_nowhere_else() {
    var token = trial.task().value();

    assertThat(trial.call(FAST + "?access_token=" + token, "").statusCode()).isEqualTo(401);
    assertThat(trial.call(FAST, token).statusCode()).isEqualTo(200);
  }

  /// A 403 with `insufficient_scope` would send a client to sign in again, which widens no task. It
  /// is told the reason instead, where its model and its person see it.
  @Test
  @Tag("R63")
  void a_call_outside_its_task_is_a_result_that_says_why_and_no_challenge() {
    long before = trial.upstream().calls();

    var refused = trial.call(FAST, trial.task("fast/pay").value());

    assertThat(refused.statusCode()).isEqualTo(200);
    assertThat(challenge(refused)).isEmpty();
    var result = JSON.readTree(refused.body()).path("result");
    assertThat(result.path("isError").asBoolean(false)).isTrue();
    assertThat(result.at("/_meta/dev.remit~1refusal/reason").asString(""))
        .isEqualTo("outside-task");
    assertThat(trial.upstream().calls()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "client_secret_basic, grant_type=client_credentials, invalid_",
    "client_secret_post, grant_type=client_credentials&client_secret=s&client_id=bench, invalid_",
    "none, grant_type=authorization_code&client_id=c&code=c&code_verifier=v, invalid_request",
    "none, grant_type=refresh_token&client_id=c&refresh_token=r, invalid_grant",
    "none, grant_type=password&username=u&password=p, unsupported_grant_type",
  })
  void what_others_sign_in_with_buys_nothing_here(String method, String form, String error) {
    var request =
        HttpRequest.newBuilder(trial.remit().address().resolve("/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form + "&resource=" + trial.remit().address() + FAST));
    if (method.equals("client_secret_basic")) {
      var secret = "bench:s".getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(secret));
    }

    var refused = trial.send(request);

    assertThat(refused.statusCode()).isBetween(400, 401);
    assertThat(JSON.readTree(refused.body()).path("error").asString("")).startsWith(error);
    assertThat(refused.body()).contains("error_description").doesNotContain("access_token");
  }

  @Test
  void a_person_who_is_sent_here_is_asked_to_sign_in_before_anything_is_believed() {
    var server =
        document(trial.remit().address().resolve("/.well-known/oauth-authorization-server"));
    var address =
        server.path("authorization_endpoint").asString("")
            + "?response_type=code&client_id=https://evil.example/c&redirect_uri=https://evil.example/";

    var told = trial.send(HttpRequest.newBuilder(URI.create(address)));

    assertThat(told.statusCode()).isEqualTo(303);
    assertThat(told.headers().firstValue("Location").orElse(""))
        .startsWith(trial.remit().address() + "/sign-in?next=%2Foauth2%2Fauthorize");
    assertThat(server.path("code_challenge_methods_supported").toString()).isEqualTo("[\"S256\"]");
    assertThat(server.path("client_id_metadata_document_supported").asBoolean(false)).isTrue();
    assertThat(server.path("authorization_response_iss_parameter_supported").asBoolean(false))
        .isTrue();
    assertThat(server.has("registration_endpoint")).isFalse();
  }

  @Test
  void no_workloads_token_comes_with_the_means_to_outlive_itself() {
    var issued = trial.ask(trial.proof(), trial.remit().address() + FAST);
    var server =
        document(trial.remit().address().resolve("/.well-known/oauth-authorization-server"));

    assertThat(issued.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(issued.body()).has("refresh_token")).isFalse();
    assertThat(server.path("grant_types_supported").toString())
        .isEqualTo(
            "[\"urn:ietf:params:oauth:grant-type:token-exchange\",\"client_credentials\","
                + "\"authorization_code\",\"refresh_token\"]");
  }

  @Test
  @Tag("R62")
  void the_official_sdk_finds_its_way_from_the_address_alone() throws Exception {
    var said = signIn();

    assertThat(said.at("/result/content/0/text").asString("")).isEqualTo("ok");
    assertThat(said.path("asked").toString())
        .isEqualTo(
            "[\"/mcp/fast\",\"/.well-known/oauth-protected-resource/mcp/fast\","
                + "\"/.well-known/oauth-authorization-server\",\"/oauth2/token\"]");
  }

  private static JsonNode signIn() throws IOException, InterruptedException {
    NodeTools.Ready node =
        switch (NodeTools.prepare()) {
          case NodeTools.Ready ready -> ready;
          case NodeTools.Missing(var why) -> abort("skipped: " + why);
        };
    var given = JSON.createObjectNode();
    given.put("url", trial.remit().address() + FAST).put("identity", FastTrial.SPIFFE_ID);
    given.put("intent", "measure").put("tool", "echo").putObject("arguments").put("n", 1);
    given.set("key", JSON.readTree(trial.workload().key().toJSONString()));
    var log = folder.resolve("sign-in.log").toFile();
    var process =
        new ProcessBuilder(node.node().toString(), "sign-in-at-remit.mjs", given.toString())
            .directory(node.modules().resolveSibling("").toFile())
            .redirectError(log)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(() -> "see " + log).isZero();
    return JSON.readTree(output);
  }

  private static String challenge(HttpResponse<String> answer) {
    return answer.headers().firstValue("WWW-Authenticate").orElse("");
  }

  private static URI metadata(HttpResponse<String> answer) {
    var found = METADATA.matcher(challenge(answer));
    assertThat(found.find()).as(challenge(answer)).isTrue();
    return URI.create(found.group(1));
  }

  private static JsonNode document(URI address) {
    var answer = new Operator(address, "").exchange(HttpRequest.newBuilder(address));
    assertThat(answer.statusCode()).as(address.toString()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static String anotherResourceAndTool() {
    return FastTrial.another("other", trial.upstream().url())
        + """
        ---
        apiVersion: remit.dev/v1
        kind: Tool
        metadata: {name: fast/pay}
        spec:
          resource: fast
          tool: pay
          effects: [write]
          dataClasses: [internal]
          definition: {digest: "sha256:%s", inputSchema: {type: object}}
        ---
        apiVersion: remit.dev/v1
        kind: Grant
        metadata: {name: bench-pays}
        spec:
          identity: bench-agent
          resource: fast
          tools: [pay]
          dataClasses: [internal]
          approvedBy: admin
          expires: %s
        """
            .formatted("0".repeat(64), LocalDate.now(ZoneOffset.UTC).plusDays(60));
  }
}
