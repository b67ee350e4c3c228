package dev.remit.conformance.console;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.browser.Chromium;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/// A running server, an agent that settles claims, the server it calls, and a browser at which
/// people sign in: `anna` owns the workflow and may approve, `bea` approves, `sec` is security.
final class ConsoleSite implements AutoCloseable {
  private static final String PASSWORD = "correct horse battery staple";

  final Payments payments = new Payments();
  final RemitProcess remit;
  final Chromium browser;
  private final Workload workload = Workload.fresh("spiffe://remit.local/claims/claims-agent");

  ConsoleSite(Path folder) throws IOException {
    folder.toFile().setExecutable(true, false);
    this.browser =
        Chromium.open(folder.resolve("profile"))
            .orElseGet(() -> abort("skipped: Chromium is not installed"));
    this.remit = RemitProcess.start(folder.resolve("data"));
    remit.admin().apply(manifests());
    for (var person : List.of("anna", "bea", "sec")) {
      choosePassword(person);
    }
  }

  private String manifests() {
    return """
    apiVersion: remit.dev/v1
    kind: Workflow
    metadata: {name: claims}
    spec:
      purpose: Settle what customers claim
      owner: anna
      escalation: call anna, 0123
      dataClasses: [internal]
      intents: [settle-claim]
      stage: pilot
      pilotExpires: %2$s
      retention: 30d
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: claims-agent}
    spec:
      workflow: claims
      kind: agent
      autonomy: acts-with-confirmation
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%1$s]}}
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: claims-staff-tools}
    spec:
      description: Agents of claims may use the payments.
      cedar: |
        permit (principal in Workflow::"claims", action, resource in Resource::"payments");
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: somebody-agrees-to-refunds}
    spec:
      description: A refund cannot be taken back, so somebody else agrees to each one.
      cedar: |
        @hold("approver")
        forbid (principal, action, resource == Tool::"payments/refund")
        unless { context.approved };
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: nobody-exports}
    spec:
      description: Payments are not exported.
      cedar: |
        forbid (principal, action, resource == Tool::"payments/export");
    """
            .formatted(workload.jwk(), LocalDate.now(ZoneOffset.UTC).plusDays(60))
        + person("anna", "owner, approver")
        + person("bea", "approver")
        + person("sec", "security")
        + payments.manifests();
  }

  private static String person(String name, String roles) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: %1$s}
    spec: {displayName: %1$s, email: %1$s@example.org, roles: [%2$s], standing: active}
    """
        .formatted(name, roles);
  }

  private void choosePassword(String person) {
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

  // What the agent does.

  /// A task token of the agent.
  String token() {
    return workload.start(remit.address(), "payments", "settle-claim", List.of()).value();
  }

  HttpResponse<String> call(String token, String tool, String arguments) {
    return new ModernAgent(remit.address(), "payments").call(token, tool, arguments);
  }

  /// The same, without waiting for it: a held call waits for a person.
  CompletableFuture<HttpResponse<String>> calling(String token, String tool, String arguments) {
    return CompletableFuture.supplyAsync(
        () -> call(token, tool, arguments), Executors.newVirtualThreadPerTaskExecutor());
  }

  // What people do.

  /// Signs `person` in, whoever was before, and opens a page.
  void open(String person, String path) {
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
  void open(String path) {
    browser.open(URI.create(remit.address() + path));
    browser.awaitTrue("document.querySelector('h1') !== null");
  }

  /// Loads the page again until it shows `text`.
  void reloadUntilShown(String path, String text) {
    long deadline = System.nanoTime() + 20_000_000_000L;
    do {
      open(path);
    } while (!shows(text) && System.nanoTime() < deadline);
    if (!shows(text)) {
      throw new AssertionError("`" + text + "` is not shown at " + path + ": " + shown());
    }
  }

  boolean shows(String text) {
    return shown().contains(text);
  }

  String shown() {
    return browser.evaluate("document.querySelector('main').innerText").asString("");
  }

  void awaitShown(String text) {
    browser.awaitTrue(
        "document.querySelector('main').innerText.includes("
            + JsonMapper.shared().writeValueAsString(text)
            + ")");
  }

  @Override
  public void close() {
    browser.close();
    remit.close();
    payments.close();
  }
}
