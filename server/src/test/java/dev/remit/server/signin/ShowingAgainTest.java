package dev.remit.server.signin;

import static dev.remit.server.signin.SignInWorld.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.Role;
import dev.remit.server.registry.Person;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/// Before a step of high risk people show once more who they are.
@Tag("R44")
@Tag("R172")
class ShowingAgainTest {
  private static final Pattern TOKEN = Pattern.compile("REMIT_TOKEN=(rop_[A-Za-z0-9_-]{43})");
  private static final String WISH = "{\"for\": \"PT1H\", \"reason\": \"policy holds the run up\"}";

  private static final String REASON = "{\"reason\": \"a test of it\"}";

  private final SignInWorld world = new SignInWorld();

  @AfterEach
  void ends_with_its_checks() {
    world.close();
  }

  @Test
  void a_step_of_high_risk_is_taken_for_a_while_after_signing_in() {
    var sam = world.signedIn("sam");
    assertThat(sam.get("/console/risky").text()).isEqualTo("taken");

    world.pass(Duration.ofMinutes(5).plusMillis(1));
    var refused = sam.get("/console/risky");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text())
        .contains(
            "within the last 5 minutes", "Nothing was done", "/sign-in/again?next=%2Fconsole");
  }

  @Test
  void with_their_password_they_show_it_and_come_back() {
    var sam = world.signedIn("sam");
    world.pass(Duration.ofMinutes(20));
    var before = sam.cookie;
    sam.get("/sign-in/again?next=/console/risky");

    var shown = sam.submit("/sign-in/again", Map.of("password", PASSWORD));

    assertThat(shown.status()).as(shown.text()).isEqualTo(303);
    assertThat(sam.cookie).isNotEqualTo(before);
    assertThat(sam.follow(shown).text()).isEqualTo("taken");
    sam.cookie = before;
    assertThat(sam.get("/console/risky").status()).isEqualTo(303);
  }

  @Test
  void a_wrong_password_shows_nothing_and_guessing_is_slowed_down() {
    var sam = world.signedIn("sam");
    world.pass(Duration.ofMinutes(20));
    for (int i = 0; i < 5; i++) {
      sam.get("/sign-in/again?next=/console/risky");
      var wrong = sam.submit("/sign-in/again", Map.of("password", "not the password " + i));
      assertThat(wrong.status()).isEqualTo(401);
    }

    var slowed = sam.submit("/sign-in/again", Map.of("password", PASSWORD));

    assertThat(slowed.text()).contains("Too many wrong passwords");
    assertThat(sam.get("/console/risky").status()).isEqualTo(403);
  }

  /// The form is of one session and for one place, and the place is ours.
  @Test
  void nobody_has_it_shown_by_a_form_of_their_own() {
    var sam = world.signedIn("sam");
    var kim = world.signedIn("kim");
    world.pass(Duration.ofMinutes(20));
    kim.get("/sign-in/again?next=/console/risky");
    var foreign = Map.copyOf(kim.hidden());
    sam.get("/sign-in/again?next=https://evil.example");

    assertThat(sam.hidden()).containsEntry("next", "/sign-in");
    assertThat(sam.submit("/sign-in/again", foreign).status()).isEqualTo(400);
    assertThat(sam.get("/console/risky").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @EnumSource
  void only_workflows_of_high_risk_ask_it(RiskClass risk) {
    var sam = world.signedIn("sam");
    world.pass(Duration.ofMinutes(20));
    world.risk(risk);

    var answer = sam.get("/console/risky");

    assertThat(answer.status()).isEqualTo(risk.isAtLeast(RiskClass.HIGH) ? 403 : 200);
  }

  @Test
  void whoever_is_not_signed_in_signs_in_first() {
    var stranger = new Visitor(world);

    var there = stranger.get("/sign-in/again?next=/console/risky");

    assertThat(there.status()).isEqualTo(303);
    assertThat(there.location()).endsWith("/sign-in?next=%2Fconsole%2Frisky");
  }

  @Test
  void over_the_api_the_age_of_the_sign_in_behind_the_token_decides() throws Exception {
    world.declare(breaker("sam"));
    var token = issued("sam");
    world.pass(Duration.ofMinutes(6));

    var refused = observe(token);

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer error=\"insufficient_user_authentication\", max_age=300");
    assertThat(refused.body()).contains("sign-in-again", "/sign-in/token", "2026-11-21T10:00:00Z");
    assertThat(observe(issued("sam")).statusCode()).isEqualTo(202);
  }

  @Test
  void nobody_makes_an_old_sign_in_new_by_a_token_for_themselves() {
    world.pass(Duration.ofMinutes(1));
    world.asAdmin("/v1/people/sam/tokens");
    var fresh = world.entries("operator.issued").getLast();
    world.pass(Duration.ofMinutes(60));

    world.asAdmin("/v1/people/admin/tokens");

    var own = world.entries("operator.issued").getLast();
    assertThat(fresh.path("shownAt").asString("")).isEqualTo("2026-11-21T10:01:00Z");
    assertThat(own.path("at").asString("")).startsWith("2026-11-21T11:01");
    assertThat(own.path("shownAt").asString("")).isEqualTo("2026-11-21T10:01:00Z");
  }

  @Test
  void a_person_gets_a_token_of_their_own_that_says_when_they_showed_it() throws Exception {
    world.declare(breaker("sam"));
    var sam = world.signedIn("sam");
    world.pass(Duration.ofMinutes(2));
    sam.get("/sign-in/token");

    var page = sam.submit("/sign-in/token", Map.of());

    var token = TOKEN.matcher(page.text());
    assertThat(token.find()).as(page.text()).isTrue();
    assertThat(observe(token.group(1)).statusCode()).isEqualTo(202);
    world.pass(Duration.ofMinutes(4));
    assertThat(observe(token.group(1)).statusCode()).isEqualTo(401);
    assertThat(sam.get("/sign-in/token").location()).contains("/sign-in/again");
    assertThat(sam.submit("/sign-in/token", Map.of()).location()).contains("/sign-in/again");
  }

  /// Somebody stopped it, so to let it go on is serious whatever it is; to leave it stopped is not.
  @Test
  @Tag("R170")
  void who_lets_go_on_what_was_stopped_shows_it_again_and_who_leaves_it_stopped_does_not()
      throws Exception {
    world.declare(keeper("sam"), keeper("kim"));
    var sam = issued("sam");
    var kim = issued("kim");
    post(sam, "/v1/workflows/invoices/suspend", REASON);
    var wish = post(sam, "/v1/workflows/invoices/resume", REASON);
    var answer = "/v1/resumptions/" + member(wish, "id") + "/answer";
    world.pass(Duration.ofMinutes(6));

    var refused = post(kim, answer, "{\"agree\": true}");
    var agreed = post(issued("kim"), answer, "{\"agree\": true}");

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("sign-in-again");
    assertThat(agreed.statusCode()).as(agreed.body()).isEqualTo(200);
    assertThat(member(agreed, "suspended")).isEqualTo("false");
  }

  @Test
  @Tag("R170")
  void to_leave_it_stopped_nobody_has_to_show_anything() throws Exception {
    world.declare(keeper("sam"), keeper("kim"));
    var sam = issued("sam");
    var kim = issued("kim");
    post(sam, "/v1/workflows/invoices/suspend", REASON);
    var wish = post(sam, "/v1/workflows/invoices/resume", REASON);
    world.pass(Duration.ofMinutes(6));

    var declined =
        post(kim, "/v1/resumptions/" + member(wish, "id") + "/answer", "{\"agree\": false}");

    assertThat(declined.statusCode()).as(declined.body()).isEqualTo(200);
    assertThat(member(declined, "suspended")).isEqualTo("true");
  }

  private static String member(HttpResponse<String> answer, String name) {
    return JsonMapper.shared().readTree(answer.body()).path(name).asString("");
  }

  private String issued(String person) {
    var answer = world.asAdmin("/v1/people/" + person + "/tokens");
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return JsonMapper.shared().readTree(answer.text()).path("token").asString("");
  }

  private HttpResponse<String> observe(String token) throws Exception {
    return post(token, "/v1/enforcement", WISH);
  }

  private HttpResponse<String> post(String token, String path, String body) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(world.address().resolve(path))
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static Person breaker(String name) {
    return person(name, Role.BREAK_GLASS);
  }

  private static Person keeper(String name) {
    return person(name, Role.SECURITY);
  }

  private static Person person(String name, Role role) {
    return new Person(
        new PersonName(name),
        name,
        Optional.of(name + "@example.com"),
        Optional.empty(),
        Set.of(role),
        true);
  }
}
