package dev.remit.server.signin;

import static dev.remit.server.signin.SignInWorld.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// People with local accounts sign in, stay signed in for a while, and sign out.
@Tag("R16")
@Tag("R65")
class SignInTest {
  private final SignInWorld world = new SignInWorld();

  @AfterEach
  void ends_with_its_checks() {
    world.close();
  }

  @Test
  void a_person_chooses_a_password_by_invitation_and_signs_in() {
    var visitor = world.signedIn("sam");

    var page = visitor.get("/sign-in");

    assertThat(page.text()).contains("You are sam.");
    assertThat(world.entries("account.set")).hasSize(1);
    assertThat(world.entries("session.started").getFirst().path("person").asString(""))
        .isEqualTo("sam");
    assertThat(world.entries("account.set").toString() + world.entries("session.started"))
        .doesNotContain(PASSWORD)
        .doesNotContain(visitor.cookie.substring(visitor.cookie.indexOf('=') + 1));
  }

  @Test
  void the_cookie_is_for_this_host_alone_and_for_no_script() {
    var page = new Visitor(world).get("/sign-in");

    assertThat(page.header("Set-Cookie"))
        .startsWith("__Host-remit=")
        .endsWith("; Path=/; HttpOnly; SameSite=Lax; Secure");
  }

  @Test
  void no_site_can_frame_a_page_and_none_runs_a_script() {
    var page = new Visitor(world).get("/sign-in");

    assertThat(page.header("Content-Security-Policy"))
        .isEqualTo(
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none';"
                + " form-action 'self'");
    assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    assertThat(page.text()).doesNotContain("<script", "style=", "<style");
    assertThat(new Visitor(world).get("/assets/remit.css").status()).isEqualTo(200);
  }

  @Test
  void an_invitation_is_good_once() {
    var link = world.invitation("sam");
    var first = new Visitor(world);
    var second = new Visitor(world);
    first.get(link);
    second.get(link);
    first.submit("/sign-in/link", Map.of("password", PASSWORD));

    var again = second.submit("/sign-in/link", Map.of("password", "another password of mine"));

    assertThat(again.status()).isEqualTo(404);
    assertThat(again.text()).contains("remit invite NAME");
    assertThat(new Visitor(world).get(link).status()).isEqualTo(404);
    assertThat(new Visitor(world).signIn("sam", PASSWORD, "/sign-in").status()).isEqualTo(303);
  }

  @Test
  void an_invitation_is_good_for_a_day_and_until_the_next() {
    var first = world.invitation("sam");
    var second = world.invitation("sam");

    assertThat(new Visitor(world).get(first).status()).isEqualTo(404);
    assertThat(new Visitor(world).get(second).status()).isEqualTo(200);
    world.pass(Duration.ofHours(24));
    assertThat(new Visitor(world).get(second).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"too short", "aaaaaaaaaaaaaaaaaaaaaa", "my name is sam and so on"})
  void a_password_that_others_guess_is_not_taken(String password) {
    var visitor = new Visitor(world);
    visitor.get(world.invitation("sam"));

    var refused = visitor.submit("/sign-in/link", Map.of("password", password));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(world.count("sign_in_account")).isZero();
    assertThat(visitor.submit("/sign-in/link", Map.of("password", PASSWORD)).status())
        .isEqualTo(200);
  }

  @Test
  void only_an_administrator_invites_and_only_active_people() {
    assertThat(world.asAdmin("/v1/people/gone/invitation").status()).isEqualTo(404);
    assertThat(world.asAdmin("/v1/people/nobody/invitation").status()).isEqualTo(404);
    assertThat(Answered.post(world.address().resolve("/v1/people/sam/invitation"), "", "").status())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sam", "anna", "nobody-at-all", "<b>", ""})
  void a_wrong_name_and_a_wrong_password_sound_the_same(String name) {
    world.invite("sam");

    var refused = new Visitor(world).signIn(name, "not the password at all", "/sign-in");

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.text()).contains("This name and password do not belong together.");
    assertThat(world.count("sign_in_session")).isZero();
  }

  @Test
  void guessing_is_slowed_down_also_for_whoever_knows_the_password() {
    world.invite("sam");
    var guesser = new Visitor(world);
    for (int i = 0; i < 5; i++) {
      assertThat(guesser.signIn("sam", "guess number " + i, "/sign-in").text())
          .contains("do not belong together");
    }
    world.pass(Duration.ofMillis(500));

    var refused = guesser.signIn("sam", PASSWORD, "/sign-in");

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.text()).contains("Too many wrong passwords");
    world.pass(Duration.ofSeconds(2));
    assertThat(guesser.signIn("sam", PASSWORD, "/sign-in").status()).isEqualTo(303);
    assertThat(world.count("sign_in_failure")).isZero();
    assertThat(world.entries("signin.refused")).hasSize(6);
  }

  @Test
  void a_suspended_person_is_signed_out_for_good() {
    var visitor = world.signedIn("sam");
    world.suspend("sam");

    assertThat(visitor.get("/sign-in").text()).contains("<h1>Sign in</h1>");

    world.resume("sam");
    assertThat(visitor.get("/sign-in").text()).contains("<h1>Sign in</h1>");
    assertThat(world.entries("session.ended").getFirst().path("reason").asString(""))
        .isEqualTo("person-inactive");
  }

  @Test
  void a_session_from_before_a_suspension_that_nobody_noticed_is_over_too() {
    var visitor = world.signedIn("sam");
    world.suspend("sam");
    world.resume("sam");

    assertThat(visitor.get("/sign-in").text()).contains("<h1>Sign in</h1>");
  }

  @Test
  void a_suspended_person_does_not_sign_in() {
    world.invite("sam");
    world.suspend("sam");

    var refused = new Visitor(world).signIn("sam", PASSWORD, "/sign-in");

    assertThat(refused.text()).contains("You are suspended");
    assertThat(world.count("sign_in_session")).isZero();
  }

  @Test
  void a_person_who_left_is_signed_out() {
    var visitor = world.signedIn("sam");
    world.declare(SignInWorld.person("sam", false));

    assertThat(visitor.get("/sign-in").text()).contains("<h1>Sign in</h1>");
  }

  @Test
  void a_session_ends_when_it_is_not_used() {
    var visitor = world.signedIn("sam");
    world.pass(Duration.ofMinutes(29));
    assertThat(visitor.get("/sign-in").text()).contains("You are sam.");
    world.pass(Duration.ofMinutes(29));
    assertThat(visitor.get("/sign-in").text()).contains("You are sam.");

    world.pass(Duration.ofMinutes(30));

    assertThat(visitor.get("/sign-in").text()).contains("<h1>Sign in</h1>");
  }

  @Test
  void a_session_ends_after_its_longest_life_however_much_it_is_used() {
    var visitor = world.signedIn("sam");
    for (int i = 0; i < 35; i++) {
      world.pass(Duration.ofMinutes(20));
      assertThat(visitor.get("/sign-in").text()).contains("You are sam.");
    }

    world.pass(Duration.ofMinutes(20));

    assertThat(visitor.get("/sign-in").text()).contains("<h1>Sign in</h1>");
  }

  @Test
  void signing_out_ends_the_session_at_the_server() {
    var visitor = world.signedIn("sam");
    var cookie = visitor.cookie;
    visitor.get("/sign-in");

    var out = visitor.submit("/sign-out", Map.of());

    assertThat(out.status()).isEqualTo(303);
    assertThat(out.header("Set-Cookie")).contains("Max-Age=0");
    visitor.cookie = cookie;
    assertThat(visitor.get("/sign-in").text()).contains("<h1>Sign in</h1>");
  }

  @Test
  void choosing_another_password_ends_every_session() {
    var visitor = world.signedIn("sam");

    world.invite("sam");

    assertThat(visitor.get("/sign-in").text()).contains("<h1>Sign in</h1>");
  }

  @Test
  void signing_in_gives_the_browser_another_cookie() {
    world.invite("sam");
    var victim = new Visitor(world);
    victim.get("/sign-in");
    var planted = victim.cookie;
    victim.submit("/sign-in", Map.of("name", "sam", "password", PASSWORD));

    var attacker = new Visitor(world);
    attacker.cookie = planted;

    assertThat(victim.cookie).isNotEqualTo(planted);
    assertThat(attacker.get("/sign-in").text()).contains("<h1>Sign in</h1>");
  }

  @Test
  void a_form_that_this_browser_was_not_shown_does_nothing() {
    world.invite("sam");
    var attacker = new Visitor(world);
    attacker.get("/sign-in");
    var form =
        Map.of(
            "name",
            "sam",
            "password",
            PASSWORD,
            "next",
            "/sign-in",
            "token",
            String.valueOf(attacker.hidden().get("token")));
    var victim = new Visitor(world);
    victim.get("/sign-in");

    var refused = victim.post("/sign-in", form);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("Nothing was done.");
    assertThat(world.count("sign_in_session")).isZero();
  }

  @Test
  void nobody_is_signed_out_by_another_site() {
    var visitor = world.signedIn("sam");

    var refused = visitor.post("/sign-out", Map.of("token", "x"));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(visitor.get("/sign-in").text()).contains("You are sam.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/a\r\nSet-Cookie: x=y",
        "javascript:alert(1)",
        ""
      })
  void signing_in_leads_nowhere_else(String next) {
    world.invite("sam");

    var answer = new Visitor(world).signIn("sam", PASSWORD, next);

    assertThat(answer.status()).isEqualTo(303);
    assertThat(answer.location()).isEqualTo("https://remit.example/sign-in");
  }
}
