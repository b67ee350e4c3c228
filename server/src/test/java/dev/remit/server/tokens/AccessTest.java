package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.http.Access;
import dev.remit.server.http.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may call what, of every operation of tokens and credentials.
class AccessTest {
  private final TokenWorld world = new TokenWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void every_operation_that_is_not_open_refuses_strangers() {
    for (var operation : world.first().operations()) {
      if (operation.access() instanceof Access.Open || operation.path().equals("/oauth2/token")) {
        continue;
      }
      for (var bearer : List.of("", "rop_nobody", "not.a.token")) {
        assertThat(call(operation, bearer).status())
            .as(operation.name() + " as `" + bearer + "`")
            .isEqualTo(401);
      }
    }
  }

  @Test
  void a_task_token_opens_nothing_but_its_own_task_and_token() {
    var token = world.token();
    for (var operation : world.first().operations()) {
      if (operation.access() instanceof Access.People) {
        assertThat(call(operation, token).status()).as(operation.name()).isEqualTo(403);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "anna, identities, invoice-agent, 200",
    "anna, workflows,  invoices,      200",
    "anna, people,     anna,          403",
    "otto, identities, invoice-agent, 403",
    "otto, workflows,  invoices,      403",
    "aude, identities, invoice-agent, 403",
    "sam,  identities, invoice-agent, 200",
    "sam,  people,     anna,          200",
    "sam,  identities, nobody,        404",
    "sam,  workflows,  nothing,       404",
    "sam,  people,     nobody,        404",
    "sam,  people,     admin,         409"
  })
  void owners_stop_what_is_theirs_and_security_anything(
      String who, String kind, String name, int status) {
    var bearer = world.operator(who);

    var answer =
        world.post("/v1/" + kind + "/" + name + "/suspend", bearer, "{\"reason\":\"look\"}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
  }

  @Test
  void a_suspension_needs_a_reason() {
    var path = "/v1/identities/invoice-agent/suspend";

    assertThat(world.post(path, world.admin(), "{}").status()).isEqualTo(400);
    assertThat(world.post(path, world.admin(), "{\"reason\":\" \"}").status()).isEqualTo(400);
  }

  @Test
  void the_first_start_writes_the_administrators_token_for_its_owner_only() throws IOException {
    var token = world.admin();

    var file = world.data.resolve("operator.token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(world.admin()).isEqualTo(token);
    assertThat(world.get("/v1/secrets", token).status()).isEqualTo(200);
    assertThat(world.entries("operator.issued")).hasSize(1);
    assertThat(world.entries("operator.issued").toString()).doesNotContain(token);
  }

  @Test
  void an_operator_token_ends_after_twelve_hours_unless_other_is_asked() {
    var answer = world.post("/v1/people/sam/tokens", world.admin(), "");
    var token = answer.json().path("token").stringValue();
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(world.get("/v1/secrets", token).status()).isEqualTo(200);

    world.clock.pass(Duration.ofHours(12));

    assertThat(world.get("/v1/secrets", token).status()).isEqualTo(401);
    assertThat(world.post("/v1/people/sam/tokens", world.admin(), "{\"hours\":0}").status())
        .isEqualTo(400);
    assertThat(world.post("/v1/people/sam/tokens", world.admin(), "{\"hours\":721}").status())
        .isEqualTo(400);
  }

  @Test
  void nobody_who_left_or_is_unknown_is_given_a_token_and_who_leaves_loses_theirs() {
    assertThat(world.post("/v1/people/gone/tokens", world.admin(), "").status()).isEqualTo(404);
    assertThat(world.post("/v1/people/nobody/tokens", world.admin(), "").status()).isEqualTo(404);
    var token = world.operator("sam");
    assertThat(world.get("/v1/secrets", token).status()).isEqualTo(200);

    world.declare(TokenWorld.person("sam", false));

    assertThat(world.get("/v1/secrets", token).status()).isEqualTo(401);
  }

  @Test
  void withdrawn_operator_tokens_are_dead_at_once() {
    var token = world.operator("sam");

    var answer = world.send("DELETE", "/v1/people/sam/tokens", world.admin(), "", "");

    assertThat(answer.json().path("withdrawn").intValue()).isEqualTo(1);
    assertThat(world.get("/v1/secrets", token).status()).isEqualTo(401);
  }

  @Test
  void a_suspended_person_is_nobody() {
    var token = world.operator("aude");
    world.post("/v1/people/aude/suspend", world.operator("sam"), "{\"reason\":\"look\"}");

    assertThat(world.get("/v1/secrets", token).status()).isEqualTo(401);
  }

  @Test
  void a_workload_introspects_its_own_tokens_and_learns_nothing_of_others() {
    var token = world.token();
    var sister = world.token();

    var own = world.post("/oauth2/introspect", token, Map.of("token", sister));
    var auditor = world.post("/oauth2/introspect", world.operator("aude"), Map.of("token", token));
    var owner = world.post("/oauth2/introspect", world.operator("otto"), Map.of("token", token));
    var nonsense = world.post("/oauth2/introspect", token, Map.of("token", "x"));

    assertThat(own.json().path("active").booleanValue()).isTrue();
    assertThat(own.json().path("task").stringValue()).isEqualTo(TokenWorld.task(sister));
    assertThat(auditor.json().path("active").booleanValue()).isTrue();
    assertThat(owner.text()).isEqualTo("{\"active\":false}");
    assertThat(nonsense.text()).isEqualTo("{\"active\":false}");
  }

  @Test
  void revoking_what_is_not_ones_own_is_refused_and_revoking_nonsense_is_done_already() {
    var token = world.token();

    var auditor = world.post("/oauth2/revoke", world.operator("aude"), Map.of("token", token));
    var nonsense = world.post("/oauth2/revoke", world.operator("sam"), Map.of("token", "x"));
    var nothing = world.post("/oauth2/revoke", world.operator("sam"), Map.of());

    assertThat(auditor.status()).isEqualTo(400);
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);
    assertThat(nonsense.status()).isEqualTo(200);
    assertThat(nothing.json().path("error").stringValue()).isEqualTo("invalid_request");
  }

  @Test
  void metadata_tells_a_client_everything_it_needs_to_ask() {
    var server = world.get("/.well-known/oauth-authorization-server", "").json();
    var resource = world.get("/.well-known/oauth-protected-resource/mcp/files", "").json();
    var unknown = world.get("/.well-known/oauth-protected-resource/mcp/nothing", "");

    assertThat(server.path("issuer").stringValue()).isEqualTo("https://remit.example");
    assertThat(server.path("token_endpoint").stringValue())
        .isEqualTo("https://remit.example/oauth2/token");
    assertThat(server.path("token_endpoint_auth_signing_alg_values_supported").toString())
        .contains("ES256")
        .doesNotContain("HS", "none");
    assertThat(resource.path("resource").stringValue()).isEqualTo(TokenWorld.AUDIENCE);
    assertThat(resource.path("authorization_servers").toString())
        .isEqualTo("[\"https://remit.example\"]");
    assertThat(unknown.status()).isEqualTo(404);
  }

  @Test
  void published_keys_are_public() {
    assertThat(world.get("/oauth2/jwks", "").text()).contains("\"kid\"").doesNotContain("\"d\"");
  }

  @Test
  void a_request_that_is_no_form_is_answered_in_oauths_own_words() {
    var json = world.post("/oauth2/token", "", "{}");
    var twice =
        world.send(
            "POST",
            "/oauth2/token",
            "",
            "application/x-www-form-urlencoded",
            "grant_type=a&grant_type=b");

    assertThat(json.status()).isEqualTo(400);
    assertThat(json.json().path("error").stringValue()).isEqualTo("invalid_request");
    assertThat(twice.json().path("error").stringValue()).isEqualTo("invalid_request");
  }

  private TokenWorld.Response call(Operation operation, String bearer) {
    var path =
        operation
            .path()
            .replace("{id}", "task_01arz3ndektsv4rrffq69g5fav")
            .replaceAll("\\{[^}]*}", "x");
    return world.send(
        operation.method().name(), path, bearer, "application/x-www-form-urlencoded", "token=x");
  }
}
