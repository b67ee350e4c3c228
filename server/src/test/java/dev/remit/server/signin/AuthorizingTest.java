package dev.remit.server.signin;

import static dev.remit.server.signin.SignInWorld.PASSWORD;
import static dev.remit.server.signin.SignInWorld.REDIRECT;
import static dev.remit.server.signin.SignInWorld.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.server.signin.SignInWorld.Pkce;
import dev.remit.server.signin.Visitor.Shown;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A client asks, a person reads and says, and only what was agreed to is answered, only where the
/// client may be answered.
@Tag("R16")
@Tag("R57")
class AuthorizingTest {
  private static final Map<String, String> ALLOW =
      Map.of("as", "desk-agent/read-invoices", "say", "allow");

  private final SignInWorld world = new SignInWorld();
  private final Pkce pkce = Pkce.fresh();

  @AfterEach
  void ends_with_its_checks() {
    world.close();
  }

  @Test
  void a_person_signs_in_reads_who_asks_for_what_and_agrees() {
    world.invite("sam");
    var visitor = new Visitor(world);

    var toSignIn = visitor.get(path(world.asks(pkce)));
    visitor.follow(toSignIn);
    var back = visitor.submit("/sign-in", Map.of("name", "sam", "password", PASSWORD));
    var page = visitor.follow(back);
    var answer = visitor.submit("/oauth2/authorize", ALLOW);

    assertThat(page.status()).as(page.text()).isEqualTo(200);
    assertThat(page.text())
        .contains("Let Desk act for you?", world.client.toString(), "127.0.0.1:9999")
        .contains("read-invoices", "pay-invoices", "desk-agent", "read_file", "You are");
    assertThat(page.header("Content-Security-Policy"))
        .endsWith("form-action 'self' http://127.0.0.1:9999");
    assertThat(answer.location()).startsWith(REDIRECT + "?");
    assertThat(answer.answer())
        .containsKey("code")
        .containsEntry("state", "the client's own")
        .containsEntry("iss", "https://remit.example");
    var given = world.entries("consent.given").getFirst();
    assertThat(given.path("person").asString("")).isEqualTo("sam");
    assertThat(given.path("identity").asString("")).isEqualTo(SignInWorld.AGENT);
    assertThat(given.path("client").asString("")).isEqualTo(world.client.toString());
    assertThat(given.toString()).doesNotContain(String.valueOf(answer.answer().get("code")));
  }

  @Test
  void nothing_is_fetched_for_a_stranger() {
    var answer = new Visitor(world).get(path(world.asks(pkce)));

    assertThat(answer.status()).isEqualTo(303);
    assertThat(answer.location()).startsWith("https://remit.example/sign-in?next=");
    assertThat(world.site.fetches()).isZero();
  }

  @Test
  void whoever_declines_gives_nothing() {
    var visitor = world.signedIn("sam");
    visitor.get(path(world.asks(pkce)));

    var answer = visitor.submit("/oauth2/authorize", Map.of("say", "decline"));

    assertThat(answer.answer())
        .containsEntry("error", "access_denied")
        .containsEntry("iss", "https://remit.example")
        .doesNotContainKey("code");
    assertThat(world.count("authorization_code")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "response_type, token, unsupported_response_type",
    "response_type, '', unsupported_response_type",
    "code_challenge, '', invalid_request",
    "code_challenge, short, invalid_request",
    "code_challenge_method, plain, invalid_request",
    "code_challenge_method, '', invalid_request",
    "resource, '', invalid_target",
    "resource, https://elsewhere.example/mcp/files, invalid_target",
    "resource, https://remit.example/mcp/unheard-of, invalid_target",
    "resource, https://remit.example/oauth2/token, invalid_target",
    "scope, everything, invalid_scope",
    "response_mode, fragment, invalid_request",
    "request_uri, https://a.example/, invalid_request",
    "authorization_details, [], invalid_authorization_details"
  })
  void a_client_that_asks_wrongly_is_told_so(String parameter, String value, String error) {
    var visitor = world.signedIn("sam");
    var query = world.asks(pkce);
    query.put(parameter, value);
    if (value.isEmpty()) {
      query.remove(parameter);
    }

    var answer = visitor.get(path(query));

    assertThat(answer.status()).as(answer.text()).isEqualTo(303);
    assertThat(answer.location()).startsWith(REDIRECT + "?");
    assertThat(answer.answer())
        .containsEntry("error", error)
        .containsEntry("state", "the client's own")
        .containsEntry("iss", "https://remit.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://evil.example/",
        "http://127.0.0.1:9999/callback/more",
        "http://127.0.0.1:9999/callback?x=y",
        "http://127.0.0.1:9999/CALLBACK",
        "http://127.0.0.1:9999/../callback",
        "http://localhost:9999/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1:1@evil.example/callback",
        "http://evil.example\\@127.0.0.1/callback",
        "https://127.0.0.1:9999/callback",
        "https://desk.example:444/back",
        "https://desk.example/back/",
        "HTTPS://desk.example/back",
        "javascript:alert(1)"
      })
  void nobody_is_sent_where_the_client_has_not_said_that_it_is(String redirect) {
    var visitor = world.signedIn("sam");
    var query = world.asks(pkce);
    query.put("redirect_uri", redirect);

    assertThatNobodyIsSentAnywhere(visitor.get(path(query)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1/callback", "http://127.0.0.1:1234/callback"})
  void a_program_on_this_machine_listens_at_whatever_port_is_free(String redirect) {
    var visitor = world.signedIn("sam");
    var query = world.asks(pkce);
    query.put("redirect_uri", redirect);
    visitor.get(path(query));

    assertThat(visitor.submit("/oauth2/authorize", ALLOW).location()).startsWith(redirect + "?");
  }

  @Test
  void a_client_whose_metadata_names_another_is_refused() {
    var visitor = world.signedIn("sam");
    var liar =
        world.site.answers(
            "/liar.json",
            200,
            "{\"client_id\":\"%s\",\"redirect_uris\":[\"%s\"]}"
                .formatted(world.client, "https://evil.example/"));
    var query = world.asks(pkce);
    query.put("client_id", liar.toString());
    query.put("redirect_uri", "https://evil.example/");

    assertThatNobodyIsSentAnywhere(visitor.get(path(query)));
  }

  @Test
  void what_a_client_calls_itself_is_shown_and_does_nothing() {
    var visitor = world.signedIn("sam");
    var client =
        world.site.client(
            "/hostile.json", "<script>alert(1)</script>\\u202Etpircs\\u0000 & 'x'", REDIRECT);
    var query = world.asks(pkce);
    query.put("client_id", client.toString());

    var page = visitor.get(path(query));

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text())
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;U+202EtpircsU+0000 &amp; &#39;x&#39;")
        .doesNotContain("<script", "\u202e", "\u0000");
  }

  @Test
  void whoever_is_not_listed_can_lend_nothing_and_is_told_what_to_do() {
    var visitor = world.signedIn("kim");

    var page = visitor.get(path(world.asks(pkce)));

    assertThat(page.status()).isEqualTo(403);
    assertThat(page.text())
        .contains("Nothing here may act for you", "signIn: {people: [kim]}", "owner");
  }

  @Test
  void an_agent_is_lent_at_the_clients_that_its_manifest_lists() {
    var visitor = world.signedIn("sam");
    world.declare(SignInWorld.agent(Set.of(URI.create("https://other.example/client")), "sam"));

    assertThat(visitor.get(path(world.asks(pkce))).status()).isEqualTo(403);

    world.declare(SignInWorld.agent(Set.of(world.client), "sam"));
    assertThat(visitor.get(path(world.asks(pkce))).status()).isEqualTo(200);
  }

  @Test
  void an_agent_without_a_grant_there_is_not_offered() {
    var visitor = world.signedIn("sam");
    var query = world.asks(pkce);
    query.put("resource", "https://remit.example/mcp/mail");

    assertThat(visitor.get(path(query)).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "desk-agent", "desk-agent/", "desk-agent/rob-a-bank", "other/read-invoices"})
  void what_was_not_offered_is_not_taken(String as) {
    var visitor = world.signedIn("sam");
    visitor.get(path(world.asks(pkce)));

    var refused = visitor.submit("/oauth2/authorize", Map.of("as", as, "say", "allow"));

    assertThat(refused.status()).isIn(400, 403);
    assertThat(world.count("authorization_code")).isZero();
  }

  @Test
  void no_other_site_agrees_for_somebody() {
    var visitor = world.signedIn("sam");
    var attacker = world.signedIn("kim");
    world.declare(SignInWorld.agent(Set.of(), "sam", "kim"));
    attacker.get(path(world.asks(pkce)));
    var form = new java.util.LinkedHashMap<>(attacker.hidden());
    form.putAll(ALLOW);

    var refused = visitor.post("/oauth2/authorize", form);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("Nothing was done.");
    assertThat(world.count("authorization_code")).isZero();
  }

  @Test
  void a_form_agrees_to_the_request_that_was_shown_and_to_no_other() {
    var visitor = world.signedIn("sam");
    visitor.get(path(world.asks(pkce)));
    var other = world.asks(Pkce.fresh());
    var swapped = new java.util.LinkedHashMap<>(ALLOW);
    swapped.put("request", AuthorizationRequest.canonical(other));

    var refused = visitor.submit("/oauth2/authorize", swapped);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(world.count("authorization_code")).isZero();
  }

  @Test
  void whoever_was_suspended_meanwhile_agrees_to_nothing() {
    var visitor = world.signedIn("sam");
    visitor.get(path(world.asks(pkce)));
    world.suspend("sam");

    var answer = visitor.submit("/oauth2/authorize", ALLOW);

    assertThat(answer.location()).startsWith("https://remit.example/sign-in?next=");
    assertThat(world.count("authorization_code")).isZero();
  }

  private void assertThatNobodyIsSentAnywhere(Shown page) {
    assertThat(page.status()).as(page.location()).isEqualTo(400);
    assertThat(page.location()).isEmpty();
    assertThat(page.text()).contains("Nothing was allowed.");
    assertThat(world.count("authorization_code")).isZero();
  }
}
