package dev.remit.conformance.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.bench.Keycloak;
import dev.remit.conformance.browser.Chromium;
import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// People sign in to the console at a real Keycloak, in a real browser: authorization code with
/// PKCE and nonce, and once more before a step of high risk. Runs where both are installed.
@Tag("R16")
@Tag("R44")
class KeycloakSignInTest {
  private static final Pattern TOKEN = Pattern.compile("rop_[A-Za-z0-9_-]{43}");

  @TempDir private static Path folder;
  private static Keycloak keycloak;
  private static RemitProcess remit;
  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException {
    folder.toFile().setExecutable(true, false);
    browser =
        Chromium.open(folder.resolve("profile"))
            .orElseGet(() -> abort("skipped: Chromium is not installed"));
    keycloak =
        Keycloak.start(folder, StaffRealm.NAME, StaffRealm.json())
            .orElseGet(() -> abort("skipped: Keycloak is not there; " + Keycloak.INSTALL));
    var config =
        Files.writeString(
            folder.resolve("remit.yaml"),
            "signIn: {issuer: %s, client: %s, findsBy: email}%n"
                .formatted(keycloak.realm(), StaffRealm.CLIENT));
    remit =
        RemitProcess.startIn(
            Map.of("REMIT_SIGNIN_SECRET", StaffRealm.SECRET),
            folder.resolve("data"),
            "--config",
            config.toString());
    remit.admin().apply(person("sam") + person("kim") + person("gone"));
  }

  @AfterAll
  static void stop() {
    if (remit != null) {
      remit.close();
    }
    if (keycloak != null) {
      keycloak.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  private static String person(String name) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: %1$s}
    spec: {displayName: %1$s, email: %1$s@example.org, roles: [owner, security], standing: active}
    """
        .formatted(name);
  }

  @BeforeEach
  void nobody_is_signed_in_anywhere() {
    browser.open(remit.address().resolve("/healthz"));
    browser.forget();
  }

  @Test
  void a_person_signs_in_there_and_is_known_here_until_they_sign_out() {
    signInAs("sam", "/console");
    browser.awaitTrue("document.querySelector('.person b')?.innerText === 'sam'");

    browser.click("form.person button");
    browser.awaitTrue("document.querySelector('h1')?.innerText === 'Sign in'");

    browser.open(remit.address().resolve("/console"));
    browser.awaitTrue("document.querySelector('h1')?.innerText === 'Sign in'");
  }

  /// Keycloak remembers the browser, and signs in silently; what it vouches for is as old as that.
  @Test
  void a_silent_sign_in_is_as_old_as_the_one_it_rests_on_and_is_made_new_by_showing_it_again()
      throws Exception {
    signInAs("sam", "/console");
    browser.awaitTrue("location.pathname === '/console'");
    var first = shownAt();
    Thread.sleep(2_100); // `auth_time` is in whole seconds
    browser.open(remit.address().resolve("/sign-in/provider?next=/console"));
    browser.awaitTrue("location.pathname === '/console'");

    assertThat(shownAt()).isEqualTo(first);

    browser.open(remit.address().resolve("/sign-in/again?next=/console/emergencies"));
    browser.click("a.primary");
    browser.awaitTrue("document.querySelector('#kc-login, [name=login]') !== null");
    assertThat(browser.evaluate("location.href").asString(""))
        .contains("prompt=login", "max_age=300");
    fill("sam");
    browser.awaitTrue("location.pathname === '/console/emergencies'");
    assertThat(shownAt()).isAfter(first);
  }

  @Test
  void an_account_that_is_disabled_there_comes_in_nowhere() {
    open("/console");
    fill("gone");

    browser.awaitTrue("document.body.innerText.toLowerCase().includes('disabled')");
    browser.open(remit.address().resolve("/console"));
    browser.awaitTrue("document.querySelector('h1')?.innerText === 'Sign in'");
  }

  /// A code that was made out to another program is redeemed by nobody else.
  @Test
  void an_answer_that_was_meant_for_another_program_signs_nobody_in() {
    open("/console");
    browser.evaluate(
        "location.href = location.href.replace('client_id=%s', 'client_id=%s'), true"
            .formatted(StaffRealm.CLIENT, StaffRealm.OTHER));
    browser.awaitTrue("location.href.includes('client_id=" + StaffRealm.OTHER + "')");
    browser.awaitTrue("document.querySelector('[name=password]') !== null");
    fill("sam");

    browser.awaitTrue("document.querySelector('h1')?.innerText === 'You are not signed in'");
    browser.open(remit.address().resolve("/console"));
    browser.awaitTrue("document.querySelector('h1')?.innerText === 'Sign in'");
  }

  @Test
  void nobody_else_shows_it_for_the_person_who_is_signed_in() {
    signInAs("sam", "/console");
    browser.awaitTrue("location.pathname === '/console'");
    var there = keycloak.realm() + "/protocol/openid-connect/logout";
    browser.open(URI.create(there));
    browser.awaitTrue("document.querySelector('#kc-logout') !== null");
    browser.click("#kc-logout");
    browser.awaitTrue("document.querySelector('#kc-logout') === null");
    browser.open(remit.address().resolve("/sign-in/again?next=/console"));
    browser.click("a.primary");
    browser.awaitTrue("document.querySelector('[name=password]') !== null");
    fill("kim");

    browser.awaitTrue("document.querySelector('h1')?.innerText === 'You are not signed in'");
    assertThat(browser.evaluate("document.body.innerText").asString(""))
        .contains("still sam", "kim signed in");
  }

  private static void signInAs(String person, String next) {
    open(next);
    fill(person);
  }

  /// Goes to a page and from there to Keycloak's.
  private static void open(String next) {
    browser.open(remit.address().resolve(next));
    browser.awaitTrue("document.querySelector('a.primary') !== null");
    browser.click("a.primary");
    browser.awaitTrue("document.querySelector('[name=password]') !== null");
  }

  private static void fill(String person) {
    browser.evaluate(
        "(document.querySelector('input[name=username]:not([type=hidden])') ?? {}).value = '"
            + person
            + "'");
    browser.type("password", StaffRealm.PASSWORD);
    browser.click("#kc-login");
  }

  /// When the person at the browser has shown who they are, as a token of theirs says.
  private static Instant shownAt() throws IOException, InterruptedException {
    browser.open(remit.address().resolve("/sign-in/token"));
    browser.awaitTrue("document.querySelector('main form button') !== null");
    browser.click("main form button");
    browser.awaitTrue("document.body.innerText.includes('REMIT_TOKEN=')");
    var token = TOKEN.matcher(browser.evaluate("document.body.innerText").asString(""));
    assertThat(token.find()).isTrue();
    try (var client = HttpClient.newHttpClient()) {
      var me =
          client.send(
              HttpRequest.newBuilder(remit.address().resolve("/v1/me"))
                  .header("Authorization", "Bearer " + token.group())
                  .build(),
              BodyHandlers.ofString());
      return Instant.parse(JsonMapper.shared().readTree(me.body()).path("signedInAt").asString(""));
    }
  }
}
