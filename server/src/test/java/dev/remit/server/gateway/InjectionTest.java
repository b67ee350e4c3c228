package dev.remit.server.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.credentials.aws.AwsKeys;
import dev.remit.server.credentials.aws.SigV4;
import dev.remit.server.credentials.oauth.TestTokenEndpoint;
import dev.remit.server.gateway.TestUpstream.Seen;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How an upstream learns who is calling, and that the agent does not.
@Tag("R59")
@Tag("R63")
class InjectionTest {
  private final GatewayWorld world = new GatewayWorld();
  private final TestTokenEndpoint endpoint = new TestTokenEndpoint();

  @AfterEach
  void nothing_is_left() {
    endpoint.close();
    world.close();
  }

  @Test
  void a_secret_goes_into_the_query_and_the_urls_own_query_stays() {
    put("crm.key", "k/e y&=+ü");
    declare(
        "url: \"" + world.upstream.url() + "?a=1%2F2\", query: {api_key: {secret: crm.key}, v: x}");

    var got = call();

    assertThat(got.body()).contains("done");
    assertThat(uris).containsExactly("/mcp?a=1%2F2&api_key=k%2Fe%20y%26%3D%2B%C3%BC&v=x");
  }

  @Test
  void a_user_and_a_password_go_into_the_header() {
    put("crm.password", "pass:word ü");
    auth("basic: {user: svc, password: {secret: crm.password}}");

    var _ = call();

    assertThat(seen().header("Authorization"))
        .isEqualTo(
            "Basic " + Base64.getEncoder().encodeToString("svc:pass:word ü".getBytes(UTF_8)));
  }

  @Test
  void a_token_is_fetched_for_the_first_call_and_serves_the_next() {
    clientCredentials("resource");

    var token = world.tokenFor("crm");
    var first = call(token);
    var second = call(token);

    assertThat(first.body()).contains("done");
    assertThat(second.body()).contains("done");
    assertThat(seen().header("Authorization")).isEqualTo("Bearer token-number-1");
    assertThat(endpoint.asked).hasSize(1);
  }

  @Test
  void a_token_that_the_upstream_refuses_is_fetched_anew_once() {
    clientCredentials("resource");
    onlyFor("Bearer token-number-2");

    var got = call();

    assertThat(got.body()).contains("done");
    assertThat(endpoint.asked).hasSize(2);
  }

  @Test
  void an_upstream_that_refuses_the_new_token_too_is_not_asked_for_ever() {
    clientCredentials("resource");
    onlyFor("Bearer another");

    var got = call();

    assertThat(GatewayWorld.reason(got)).isEqualTo("upstream-broken");
    assertThat(got.body()).contains("refuses the credential").doesNotContain("token-number");
    assertThat(endpoint.asked).hasSize(2);
    assertThat(world.upstream.count("tools/call")).isEqualTo(2);
  }

  @Test
  void a_token_endpoint_that_hangs_holds_up_nobody_else() throws Exception {
    clientCredentials("resource");
    endpoint.answers(TestTokenEndpoint.hangs());
    var crm = world.tokenFor("crm");
    var files = world.token();

    var stuck = world.client().sendAsync(request(crm), HttpResponse.BodyHandlers.ofString());
    var other = world.call(files, "read_file", "{\"path\":\"a\"}");
    boolean wasStuck = !stuck.isDone();
    var refused = stuck.get();

    assertThat(other.body()).contains("done");
    assertThat(wasStuck).isTrue();
    assertThat(GatewayWorld.reason(refused)).isEqualTo("definition-unknown");
    assertThat(refused.body()).contains("the token endpoint at `127.0.0.1` did not answer");
  }

  @Test
  void a_secret_that_is_not_there_is_a_refusal_that_names_it() {
    auth("basic: {user: svc, password: {secret: nowhere}}");

    var got = call();

    assertThat(GatewayWorld.reason(got)).isEqualTo("definition-unknown");
    assertThat(got.body()).contains("the secret `nowhere` is not stored");
  }

  @Test
  @Tag("R60")
  @Tag("R68")
  @Tag("R69")
  void a_tasks_own_token_is_revoked_when_the_task_ends() {
    clientCredentials("task");
    var token = world.tokenFor("crm");
    var _ = call(token);

    complete(token);

    await().atMost(Duration.ofSeconds(10)).until(() -> returned().size() == 1);
    assertThat(returned()).containsExactly("revoked");
    assertThat(endpoint.asked.getLast().form()).containsEntry("token", "token-number-1");
  }

  @Test
  @Tag("R68")
  void a_tasks_own_token_is_revoked_when_its_identity_is_suspended() {
    clientCredentials("task");
    var _ = call(world.tokenFor("crm"));

    world.suspend();

    await().atMost(Duration.ofSeconds(10)).until(() -> returned().size() == 1);
    assertThat(returned()).containsExactly("revoked");
  }

  @Test
  void a_request_to_aws_is_signed_so_that_aws_would_take_it() {
    put("aws.id", "AKIDEXAMPLE");
    put("aws.key", "a secret access key");
    auth(
        "awsSigV4: {region: eu-central-1, service: execute-api, accessKeyId: {secret: aws.id},"
            + " secretAccessKey: {secret: aws.key}}");

    var got = call();

    assertThat(got.body()).contains("done");
    assertThat(seen().header("Authorization")).isEqualTo(expectedSignature(seen()));
  }

  @Test
  void what_an_upstream_echoes_does_not_reach_the_agent() {
    clientCredentials("resource");
    world.upstream.on(
        "tools/call",
        (exchange, message) -> {
          var header = exchange.getRequestHeaders().getFirst("Authorization");
          exchange.getResponseHeaders().add("Mcp-Echo", header);
          exchange.getResponseHeaders().add("Mcp-Session-Id", header);
          TestUpstream.json(exchange, TestUpstream.result(message, TestUpstream.said(header)));
        });

    var got = call();

    assertThat(got.body()).contains("Bearer **************");
    assertThat(got.body() + got.headers()).doesNotContain("token-number");
  }

  @Test
  void what_an_upstream_echoes_in_a_stream_does_not_reach_the_agent() {
    put("crm.password", "a long password");
    auth("basic: {user: svc, password: {secret: crm.password}}");
    world.upstream.on(
        "tools/call",
        (exchange, message) ->
            TestUpstream.events(
                    exchange,
                    ": a long password\n\nid: a long password\nevent: message\ndata: "
                        + TestUpstream.result(message, TestUpstream.said("a long password"))
                        + "\n\n")
                .close());

    var got = call();

    assertThat(got.body()).contains("***************").doesNotContain("a long password");
  }

  @Test
  void nothing_of_it_is_on_record() {
    clientCredentials("task");
    put("aws.key", "never seen again");
    var token = world.tokenFor("crm");
    var _ = call(token);
    complete(token);
    await().atMost(Duration.ofSeconds(10)).until(() -> returned().size() == 1);

    assertThat(
            world.stored("SELECT convert_from(bytes, 'UTF8') AS text FROM ledger_entry").toString())
        .doesNotContain("token-number", "never seen again", "s3cret");
  }

  @Test
  void two_ways_to_say_who_is_calling_are_refused() {
    var wrong =
        world.flaws(
            resource(
                "url: \"https://x.test/mcp\", headers: {authorization: {secret: crm.key}}, auth:"
                    + " {basic: {user: u, password: {secret: p}}}"));

    assertThat(wrong).contains("declares both a header `Authorization` and `auth`");
  }

  @Test
  void a_token_endpoint_in_the_clear_and_a_client_without_its_secret_are_refused() {
    var clear = credentials("http://tokens.test/token", "client_secret_basic", "");
    var bare = credentials("https://tokens.test/token", "client_secret_basic", "");
    var none = credentials("https://tokens.test/token", "none", ", secret: {secret: s}");

    assertThat(world.flaws(resource(clear))).contains("by https");
    assertThat(world.flaws(resource(bare))).contains("needs a `secret`");
    assertThat(world.flaws(resource(none))).contains("has no secret");
  }

  private static String credentials(String url, String method, String secret) {
    return "url: \"https://x.test/mcp\", auth: {oauthClientCredentials: {tokenUrl: \""
        + url
        + "\", client: {id: me, method: "
        + method
        + secret
        + "}}}";
  }

  private final List<String> uris = new ArrayList<>();

  private void clientCredentials(String per) {
    put("crm.client", "s3cret of the client");
    auth(
        "oauthClientCredentials: {tokenUrl: \"%s\", revokeUrl: \"%s\", per: %s, scopes: [read], client: {id: remit, secret: {secret: crm.client}}}"
            .formatted(endpoint.at("/token"), endpoint.at("/revoke"), per));
  }

  private void auth(String auth) {
    declare("url: \"" + world.upstream.url() + "\", auth: {" + auth + "}");
  }

  private void declare(String http) {
    world.upstream.on(
        "tools/call",
        (exchange, message) -> {
          uris.add(exchange.getRequestURI().toString());
          TestUpstream.json(exchange, TestUpstream.result(message, TestUpstream.said("done")));
        });
    world.declare(resource(http));
  }

  private String resource(String http) {
    return world
        .httpResource("crm", URI.create("http://here"))
        .replace("url: \"http://here\"", http);
  }

  /// The upstream takes this alone.
  private void onlyFor(String authorization) {
    world.upstream.on(
        "tools/call",
        (exchange, message) -> {
          if (authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            TestUpstream.json(exchange, TestUpstream.result(message, TestUpstream.said("done")));
          } else {
            TestUpstream.send(exchange, 401, "text/plain", "no");
          }
        });
  }

  private HttpResponse<String> call() {
    return call(world.tokenFor("crm"));
  }

  private HttpResponse<String> call(String token) {
    return world.send(HttpRequest.newBuilder(request(token), (_, _) -> true));
  }

  private HttpRequest request(String token) {
    return world
        .to("crm", token)
        .header("MCP-Protocol-Version", GatewayWorld.LEGACY)
        .POST(BodyPublishers.ofString(GatewayWorld.callBody("read_file", "{\"path\":\"a\"}")))
        .build();
  }

  private void complete(String token) {
    var task = world.entries("task.started").getLast().path("task").asString("");
    var _ =
        world.send(
            HttpRequest.newBuilder(world.url.resolve("/v1/tasks/" + task + "/complete"))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()));
  }

  private List<String> returned() {
    return world.entries("credential.returned").stream()
        .map(entry -> entry.path("outcome").asString(""))
        .toList();
  }

  private Seen seen() {
    return world.upstream.seen.getLast();
  }

  private void put(String name, String value) {
    world.secrets.put(
        new SecretName(name),
        new SecretValue(value),
        false,
        new PersonName("admin"),
        Instant.now());
  }

  /// What AWS makes of what arrived.
  private String expectedSignature(Seen seen) {
    var signed =
        Stream.of("host", "x-amz-content-sha256", "content-type")
            .map(name -> new SigV4.Header(name, seen.header(name)))
            .toList();
    var at =
        LocalDateTime.parse(
            seen.header("x-amz-date"), DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"));
    assertThat(seen.header("x-amz-content-sha256"))
        .isEqualTo(SigV4.digest(seen.body().getBytes(UTF_8)));
    return new SigV4("eu-central-1", "execute-api")
        .sign(
            new SigV4.Request("POST", "/mcp", "", signed, seen.body().getBytes(UTF_8)),
            new AwsKeys("AKIDEXAMPLE", "a secret access key", ""),
            at.toInstant(ZoneOffset.UTC))
        .getOrDefault("authorization", "");
  }
}
