package dev.remit.conformance.console;

import dev.remit.conformance.browser.Chromium;
import dev.remit.conformance.harness.RemitProcess;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import tools.jackson.databind.json.JsonMapper;

/// People who take turns at one browser.
public final class People {
  private static final String PASSWORD = "correct horse battery staple";

  private final RemitProcess remit;
  private final Chromium browser;

  public People(RemitProcess remit, Chromium browser) {
    this.remit = remit;
    this.browser = browser;
  }

  /// Lets `person`, who is declared, choose a password at the link of an invitation.
  public void choosePassword(String person) {
    var admin = remit.admin();
    var answer =
        admin.exchange(
            admin.request("/v1/people/" + person + "/invitation").POST(BodyPublishers.noBody()));
    var link = JsonMapper.shared().readTree(answer.body()).path("link").stringValue();
    browser.open(URI.create(link));
    browser.type("password", PASSWORD);
    browser.click("button");
    browser.awaitTrue("document.body.innerText.includes('The password is set')");
  }

  /// Signs `person` in, whoever was before, and opens a page.
  public void open(String person, String path) {
    browser.open(URI.create(remit.address() + "/healthz"));
    browser.forget();
    browser.open(URI.create(remit.address() + path));
    browser.awaitTrue("document.querySelector('[type=password]') !== null");
    browser.type("name", person);
    browser.type("password", PASSWORD);
    browser.click("button");
    browser.awaitTrue("document.querySelector('.person b')?.innerText === '" + person + "'");
  }

  /// Goes to another page, as the person who is signed in.
  public void open(String path) {
    browser.open(URI.create(remit.address() + path));
    browser.awaitTrue("document.querySelector('h1') !== null");
  }

  /// Loads the page again until it shows `text`.
  public void reloadUntilShown(String path, String text) {
    long deadline = System.nanoTime() + 20_000_000_000L;
    do {
      open(path);
    } while (!shows(text) && System.nanoTime() < deadline);
    if (!shows(text)) {
      throw new AssertionError("`" + text + "` is not shown at " + path + ": " + shown());
    }
  }

  public boolean shows(String text) {
    return shown().contains(text);
  }

  public String shown() {
    return browser.evaluate("document.querySelector('main').innerText").asString("");
  }

  public void awaitShown(String text) {
    browser.awaitTrue(
        "document.querySelector('main').innerText.includes("
            + JsonMapper.shared().writeValueAsString(text)
            + ")");
  }
}
