package dev.remit.server.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.findings.Finding;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// People add passkeys, and sign in with them; what is wrong with one opens nothing.
@Tag("R16")
@Tag("R65")
class PasskeyTest {
  private static final Pattern OPTIONS = Pattern.compile("data-options=\"([^\"]+)\"");
  private static final byte[] SAM = Passkeys.handle(new PersonName("sam"));

  private final SignInWorld world = new SignInWorld();
  private final SoftAuthenticator key = new SoftAuthenticator();

  @AfterEach
  void ends_with_its_checks() {
    world.close();
  }

  private static String challenge(Visitor.Shown page) {
    var options = OPTIONS.matcher(page.text());
    assertThat(options.find()).as(page.text()).isTrue();
    return JsonMapper.shared()
        .readTree(options.group(1).replace("&quot;", "\"").replace("&amp;", "&"))
        .path("challenge")
        .asString("");
  }

  private Visitor.Shown add(Visitor visitor, SoftAuthenticator with) {
    var asked = challenge(visitor.get("/sign-in/passkeys"));
    return visitor.post(
        "/sign-in/passkeys",
        Map.of(
            "token",
            String.valueOf(visitor.hidden().get("token")),
            "label",
            "desk",
            "answer",
            with.create(asked)));
  }

  private Visitor withKey() {
    var sam = world.signedIn("sam");
    assertThat(add(sam, key).status()).isEqualTo(303);
    return sam;
  }

  private Visitor.Shown show(Visitor visitor, String answer) {
    return visitor.post("/sign-in/passkey", Map.of("next", "/sign-in", "answer", answer));
  }

  private Visitor.Shown sign(Visitor visitor) {
    key.counter++;
    return show(visitor, key.sign(challenge(visitor.get("/sign-in/passkey")), SAM));
  }

  private void assertThatNobodyIsIn(Visitor visitor, Visitor.Shown refused) {
    assertThat(refused.status()).as(refused.text()).isEqualTo(401);
    assertThat(refused.text()).contains("opens nothing here");
    assertThat(visitor.get("/sign-in").text()).contains("<h1>Sign in</h1>");
    assertThat(world.entries("signin.refused").getLast().path("how").asString(""))
        .isEqualTo("passkey");
  }

  @Test
  void a_person_adds_a_passkey_and_signs_in_with_it() {
    withKey();
    var elsewhere = new Visitor(world);

    var in = sign(elsewhere);

    assertThat(in.status()).as(in.text()).isEqualTo(303);
    assertThat(elsewhere.get("/sign-in").text()).contains("You are sam.");
    assertThat(world.entries("passkey.added").getFirst().path("person").asString(""))
        .isEqualTo("sam");
    assertThat(world.entries("session.started").getLast().path("how").asString(""))
        .isEqualTo("passkey");
  }

  @Test
  void the_page_runs_our_script_file_and_nothing_inline() {
    var page = new Visitor(world).get("/sign-in/passkey");

    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe");
    assertThat(page.text()).contains("src=\"/assets/passkey.js\"").doesNotContain("style=");
    assertThat(new Visitor(world).get("/assets/passkey.js").status()).isEqualTo(200);
  }

  @Test
  void it_shows_again_who_is_signed_in_and_nobody_else() {
    var sam = withKey();
    var kim = world.signedIn("kim");
    world.pass(Duration.ofMinutes(20));

    var foreign = sign(kim);
    var again = sign(sam);

    assertThat(foreign.status()).isEqualTo(401);
    assertThat(foreign.text()).contains("a passkey of sam", "Sign out first");
    assertThat(again.status()).isEqualTo(303);
    assertThat(sam.get("/console/risky").text()).isEqualTo("taken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"origin", "host", "unverified", "handle", "challenge", "garbage", "key"})
  void a_passkey_that_is_wrong_in_one_respect_opens_nothing(String lie) {
    withKey();
    var visitor = new Visitor(world);
    var asked = challenge(visitor.get("/sign-in/passkey"));
    key.counter++;
    switch (lie) {
      case "origin" -> key.origin = "https://remit.example.evil";
      case "host" -> key.host = "evil.example";
      case "unverified" -> key.verifies = false;
      default -> {}
    }
    var handle = lie.equals("handle") ? Passkeys.handle(new PersonName("kim")) : SAM;
    var signed =
        switch (lie) {
          case "challenge" -> key.sign(Passkeys.encoded("a challenge of my own"), SAM);
          case "garbage" -> "{\"id\":\"<b>\"}";
          case "key" -> new SoftAuthenticator().sign(asked, SAM);
          default -> key.sign(asked, handle);
        };

    assertThatNobodyIsIn(visitor, show(visitor, signed));
  }

  @Test
  void a_challenge_counts_once_in_the_browser_that_asked_and_for_five_minutes() {
    withKey();
    var visitor = new Visitor(world);
    var asked = challenge(visitor.get("/sign-in/passkey"));
    key.counter++;
    var signed = key.sign(asked, SAM);
    var thief = new Visitor(world);
    thief.get("/sign-in/passkey");

    assertThatNobodyIsIn(thief, show(thief, signed));
    var cookie = visitor.cookie;
    assertThat(show(visitor, signed).status()).isEqualTo(303);
    visitor.cookie = cookie;
    key.counter++;
    assertThatNobodyIsIn(visitor, show(visitor, key.sign(asked, SAM)));

    var late = challenge(visitor.get("/sign-in/passkey"));
    world.pass(Duration.ofMinutes(5));
    key.counter++;
    assertThatNobodyIsIn(visitor, show(visitor, key.sign(late, SAM)));
  }

  @Test
  void a_counter_that_goes_back_is_found_and_opens_nothing() {
    withKey();
    assertThat(sign(new Visitor(world)).status()).isEqualTo(303);
    key.counter -= 2;
    var copy = new Visitor(world);

    assertThatNobodyIsIn(copy, sign(copy));

    var found = world.findings.newest().getFirst();
    assertThat(found.kind()).isEqualTo("passkey-copied");
    assertThat(found.severity()).isEqualTo(Finding.Severity.HIGH);
  }

  @Test
  void a_suspended_person_stays_outside() {
    withKey();
    world.suspend("sam");

    var refused = sign(new Visitor(world));

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.text()).contains("suspended");
  }

  @Test
  void a_removed_passkey_opens_nothing_and_nobody_removes_anothers() {
    var sam = withKey();
    var kim = world.signedIn("kim");
    var id = Authenticators.base64(key.id);
    kim.get("/sign-in/passkeys");
    add(kim, new SoftAuthenticator());
    kim.get("/sign-in/passkeys");
    var path = "/sign-in/passkeys/remove";

    var foreign = kim.post(path, Map.of("id", id, "token", token(kim, path)));
    var removed = sam.post(path, Map.of("id", id, "token", token(sam, path)));

    assertThat(foreign.status()).isEqualTo(400);
    assertThat(removed.status()).isEqualTo(303);
    var visitor = new Visitor(world);
    assertThatNobodyIsIn(visitor, sign(visitor));
    assertThat(world.entries("passkey.removed")).hasSize(1);
  }

  private static String token(Visitor visitor, String path) {
    return new Browser(visitor.cookie.substring(visitor.cookie.indexOf('=') + 1), true).token(path);
  }

  @Test
  void a_passkey_is_added_by_who_has_just_shown_who_they_are_by_a_form_of_ours() {
    var sam = world.signedIn("sam");
    var asked = challenge(sam.get("/sign-in/passkeys"));
    var made = Map.of("label", "desk", "answer", key.create(asked), "token", "forged");

    assertThat(sam.post("/sign-in/passkeys", made).status()).isEqualTo(400);

    world.pass(Duration.ofMinutes(20));
    assertThat(sam.get("/sign-in/passkeys").location()).contains("/sign-in/again");
    assertThat(world.count("passkey")).isZero();
  }

  @Test
  void an_authenticator_that_did_not_verify_its_person_is_not_added() {
    var sam = world.signedIn("sam");
    key.verifies = false;

    var refused = add(sam, key);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("No passkey was changed");
    assertThat(world.count("passkey")).isZero();
  }
}
