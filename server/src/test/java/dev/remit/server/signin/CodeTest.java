package dev.remit.server.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.signin.SignInWorld.Pkce;
import dev.remit.server.tokens.KeyProof;
import dev.remit.server.tokens.TokenCheck;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a person agreed to becomes a token that names them and the agent, once, and the next token
/// as long as all still stand.
@Tag("R57")
@Tag("R65")
@Tag("R68")
class CodeTest {
  private final SignInWorld world = new SignInWorld();
  private final Visitor sam = world.signedIn("sam");

  @AfterEach
  void ends_with_its_checks() {
    world.close();
  }

  @Test
  void a_token_names_the_person_and_the_agent_that_acts_for_them() {
    var issued = world.issued(sam);

    var claims = claims(text(issued, "access_token"));
    assertThat(claims.path("sub").asString("")).isEqualTo("sam");
    assertThat(claims.at("/act/sub").asString("")).isEqualTo(SignInWorld.AGENT);
    assertThat(claims.at("/person/client").asString("")).isEqualTo(world.client.toString());
    assertThat(claims.path("aud").asString("")).isEqualTo(SignInWorld.RESOURCE);
    assertThat(claims.path("intent").asString("")).isEqualTo("read-invoices");
    assertThat(issued.path("token_type").asString("")).isEqualTo("Bearer");
    assertThat(issued.path("expires_in").asInt(0)).isEqualTo(300);
    assertThat(world.check(text(issued, "access_token"))).isInstanceOf(TokenCheck.Good.class);
    for (var type : new String[] {"task.started", "token.issued"}) {
      var entry = world.entries(type).getFirst();
      assertThat(entry.path("person").asString("")).isEqualTo("sam");
      assertThat(entry.path("identity").asString("")).isEqualTo(SignInWorld.AGENT);
    }
  }

  @Test
  void a_code_that_comes_twice_ends_what_was_issued_for_it() {
    var pkce = Pkce.fresh();
    var form = world.redeeming(world.code(sam, pkce), pkce);
    var first = world.token(form).json();

    var second = world.token(form);

    assertThat(second.status()).isEqualTo(400);
    assertThat(second.reason()).isEqualTo("used-twice");
    assertThat(world.check(text(first, "access_token"))).isInstanceOf(TokenCheck.TaskEnded.class);
    assertThat(world.token(world.refreshing(text(first, "refresh_token"))).reason())
        .isEqualTo("task-ended");
    assertThat(world.entries("task.completed")).hasSize(1);
  }

  @Test
  void a_code_that_comes_twice_is_noticed_also_when_it_has_expired() {
    var pkce = Pkce.fresh();
    var form = world.redeeming(world.code(sam, pkce), pkce);
    var first = world.token(form).json();
    world.pass(Duration.ofMinutes(2));

    assertThat(world.token(form).reason()).isEqualTo("used-twice");
    assertThat(world.check(text(first, "access_token"))).isInstanceOf(TokenCheck.TaskEnded.class);
  }

  @Test
  void a_code_lives_for_a_minute() {
    var pkce = Pkce.fresh();
    var form = world.redeeming(world.code(sam, pkce), pkce);
    world.pass(Duration.ofSeconds(60));

    assertThat(world.token(form).reason()).isEqualTo("code-expired");
    assertThat(world.count("task")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "code_verifier, , pkce",
    "code_verifier, too-short, pkce",
    "code_verifier, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, pkce",
    "client_id, , missing-parameter",
    "client_id, https://other.example/client.json, client-mismatch",
    "redirect_uri, https://desk.example/back, redirect-mismatch",
    "resource, https://remit.example/mcp/mail, resource",
    "code, not-a-code, code-unknown",
    "code, , missing-parameter",
    "client_secret, s, client-authentication",
    "client_assertion, a.b.c, client-authentication",
    "scope, everything, scope-unused"
  })
  void whoever_did_not_ask_gets_nothing(String parameter, String value, String reason) {
    var pkce = Pkce.fresh();
    var form = world.redeeming(world.code(sam, pkce), pkce);
    if (value == null) {
      form.remove(parameter);
    } else {
      form.put(parameter, value);
    }

    var refused = world.token(form);

    assertThat(refused.status()).isIn(400, 401);
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused.text()).doesNotContain("access_token\":");
    assertThat(world.count("task")).isZero();
    assertThat(world.entries("exchange.refused")).hasSize(1);
  }

  @Test
  void the_challenge_is_not_its_own_verifier() {
    var pkce = Pkce.fresh();
    var form = world.redeeming(world.code(sam, pkce), pkce);
    form.put("code_verifier", pkce.challenge());

    assertThat(world.token(form).reason()).isEqualTo("pkce");
  }

  @Test
  void a_refresh_token_gets_the_next_token_of_the_same_task() {
    var first = world.issued(sam);
    world.pass(Duration.ofMinutes(6));
    assertThat(world.check(text(first, "access_token"))).isInstanceOf(TokenCheck.Expired.class);

    var next = world.token(world.refreshing(text(first, "refresh_token"))).json();

    assertThat(world.check(text(next, "access_token"))).isInstanceOf(TokenCheck.Good.class);
    assertThat(claims(text(next, "access_token")).path("task"))
        .isEqualTo(claims(text(first, "access_token")).path("task"));
    assertThat(text(next, "refresh_token")).isNotEqualTo(text(first, "refresh_token"));
    assertThat(world.entries("task.started")).hasSize(1);
  }

  /// RFC 9449, section 5.
  @Test
  @Tag("R65")
  void whoever_steals_a_bound_refresh_token_cannot_use_it() {
    var pkce = SignInWorld.Pkce.fresh();
    var key = KeyProof.freshKey();
    var first = world.token(world.redeeming(world.code(sam, pkce), pkce), key).json();
    var form = world.refreshing(text(first, "refresh_token"));

    assertThat(text(first, "token_type")).isEqualTo("DPoP");
    assertThat(world.token(form).reason()).isEqualTo("refresh-bound");
    assertThat(world.token(form, KeyProof.freshKey()).reason()).isEqualTo("refresh-bound");
    assertThat(text(world.token(form, key).json(), "token_type")).isEqualTo("DPoP");
  }

  @Test
  void a_refresh_token_that_comes_twice_ends_the_task() {
    var first = world.issued(sam);
    var form = world.refreshing(text(first, "refresh_token"));
    var next = world.token(form).json();

    assertThat(world.token(form).reason()).isEqualTo("used-twice");

    assertThat(world.check(text(next, "access_token"))).isInstanceOf(TokenCheck.TaskEnded.class);
    assertThat(world.token(world.refreshing(text(next, "refresh_token"))).reason())
        .isEqualTo("task-ended");
  }

  @Test
  void a_refresh_token_dies_with_its_task() {
    var first = world.issued(sam);
    world.pass(Duration.ofHours(4));

    assertThat(world.token(world.refreshing(text(first, "refresh_token"))).reason())
        .isEqualTo("refresh-unknown");
  }

  @Test
  void a_refresh_token_is_its_clients_and_its_resources() {
    var form = world.refreshing(text(world.issued(sam), "refresh_token"));
    form.put("client_id", "https://other.example/client.json");
    assertThat(world.token(form).reason()).isEqualTo("client-mismatch");

    form.put("client_id", world.client.toString());
    form.put("resource", "https://remit.example/mcp/mail");
    assertThat(world.token(form).reason()).isEqualTo("resource");
  }

  @Test
  void a_suspended_persons_tokens_are_refused_for_good() {
    var issued = world.issued(sam);
    world.suspend("sam");
    assertThat(world.check(text(issued, "access_token"))).isInstanceOf(TokenCheck.Suspended.class);

    world.resume("sam");

    assertThat(world.check(text(issued, "access_token"))).isInstanceOf(TokenCheck.Invalid.class);
    assertThat(world.token(world.refreshing(text(issued, "refresh_token"))).reason())
        .isEqualTo("person-may-not");
  }

  @Test
  void suspending_a_person_ends_their_tasks_and_what_is_under_way() {
    var issued = world.issued(sam);

    var suspended = world.asAdmin("/v1/people/sam/suspend", "{\"reason\":\"test\"}");

    assertThat(suspended.status()).as(suspended.text()).isEqualTo(200);
    assertThat(world.check(text(issued, "access_token"))).isInstanceOf(TokenCheck.TaskEnded.class);
    assertThat(world.entries("task.completed")).hasSize(1);
  }

  @Test
  void whoever_may_no_longer_lend_the_agent_has_lent_it_for_the_last_time() {
    var issued = world.issued(sam);
    world.declare(SignInWorld.agent(Set.of(), "kim"));

    assertThat(world.check(text(issued, "access_token")))
        .isEqualTo(new TokenCheck.Invalid("person-may-not"));
    assertThat(world.token(world.refreshing(text(issued, "refresh_token"))).reason())
        .isEqualTo("person-may-not");
  }

  @Test
  void whoever_left_acts_by_nobody_any_more() {
    var issued = world.issued(sam);
    world.declare(SignInWorld.person("sam", false));

    assertThat(world.check(text(issued, "access_token")))
        .isEqualTo(new TokenCheck.Invalid("person-may-not"));
  }

  @Test
  void a_code_is_worth_nothing_once_its_person_is_suspended() {
    var pkce = Pkce.fresh();
    var form = world.redeeming(world.code(sam, pkce), pkce);
    world.suspend("sam");

    assertThat(world.token(form).reason()).isEqualTo("person-may-not");
    assertThat(world.count("task")).isZero();
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).asString("");
  }

  private static JsonNode claims(String token) {
    return JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
  }
}
