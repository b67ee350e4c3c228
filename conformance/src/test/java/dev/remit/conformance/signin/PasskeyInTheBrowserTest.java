package dev.remit.conformance.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.browser.Chromium;
import dev.remit.conformance.harness.RemitProcess;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// A person adds a passkey and signs in with it, in a real browser with an authenticator of its
/// own. Runs where Chromium is installed.
@Tag("R16")
class PasskeyInTheBrowserTest {
  private static final String PASSWORD = "correct horse battery staple";

  @TempDir private Path folder;

  @Test
  void a_passkey_is_added_and_signs_in_without_a_name_or_a_password() {
    folder.toFile().setExecutable(true, false);
    try (var browser =
            Chromium.open(folder.resolve("profile"))
                .orElseGet(() -> abort("skipped: Chromium is not installed"));
        var remit =
            RemitProcess.start(folder.resolve("data"), "--public-url", "http://localhost:{port}")) {
      var here = "http://localhost:" + remit.address().getPort();
      remit.admin().apply(SAM);
      browser.open(URI.create(invitation(remit)));
      browser.addAuthenticator();
      browser.type("password", PASSWORD);
      browser.click("button");
      browser.awaitTrue("document.body.innerText.includes('The password is set')");
      browser.open(URI.create(here + "/sign-in?next=/sign-in/passkeys"));
      browser.type("name", "sam");
      browser.type("password", PASSWORD);
      browser.click("button");
      browser.awaitTrue("document.querySelector('h1')?.innerText === 'Your passkeys'");

      browser.type("label", "the desk");
      browser.click("form[data-passkey] button");
      browser.awaitTrue("document.querySelector('form.passkey') !== null");
      assertThat(browser.evaluate("document.querySelector('form.passkey').innerText").asString(""))
          .contains("the desk, added", "not used yet");

      browser.forget();
      browser.open(URI.create(here + "/console"));
      browser.awaitTrue("document.querySelector('h1')?.innerText === 'Sign in'");
      browser.click("a[href^='/sign-in/passkey']");
      browser.awaitTrue("document.querySelector('form[data-passkey] button') !== null");
      browser.click("form[data-passkey] button");
      browser.awaitTrue("document.querySelector('.person b')?.innerText === 'sam'");
    }
  }

  private static final String SAM =
      """
      apiVersion: remit.dev/v1
      kind: Person
      metadata: {name: sam}
      spec: {displayName: sam, email: sam@example.org, roles: [owner], standing: active}
      """;

  private static String invitation(RemitProcess remit) {
    var admin = remit.admin();
    var answer =
        admin.exchange(admin.request("/v1/people/sam/invitation").POST(BodyPublishers.noBody()));
    return JsonMapper.shared().readTree(answer.body()).path("link").stringValue();
  }
}
