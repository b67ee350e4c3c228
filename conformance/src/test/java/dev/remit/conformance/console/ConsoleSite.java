package dev.remit.conformance.console;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.browser.Chromium;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
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
  final Payments payments = new Payments();
  final RemitProcess remit;
  final Chromium browser;
  private final People people;
  private final Workload workload = Workload.fresh("spiffe://remit.local/claims/claims-agent");

  ConsoleSite(Path folder) throws IOException {
    folder.toFile().setExecutable(true, false);
    this.browser =
        Chromium.open(folder.resolve("profile"))
            .orElseGet(() -> abort("skipped: Chromium is not installed"));
    var config =
        Files.writeString(folder.resolve("remit.yaml"), "registry: {secondPerson: always}\n");
    this.remit = RemitProcess.start(folder.resolve("data"), "--config", config.toString());
    remit.admin().apply(manifests());
    this.people = new People(remit, browser);
    List.of("anna", "bea", "sec").forEach(people::choosePassword);
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
      pilotExpires: %s
      retention: 30d
    ---
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: clerk}
    spec: {provider: example, model: clerk-large, lifecycle: ga}
    ---
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: clerk-next}
    spec: {provider: example, model: clerk-next, lifecycle: ga}
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
            .formatted(LocalDate.now(ZoneOffset.UTC).plusDays(60))
        + agent("clerk")
        + person("anna", "owner, approver")
        + person("bea", "approver")
        + person("sec", "security")
        + payments.manifests();
  }

  private String agent(String model) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: claims-agent}
    spec:
      workflow: claims
      kind: agent
      autonomy: acts-with-confirmation
      model: %s
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%s]}}
    """
        .formatted(model, workload.jwk());
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

  // What people do, see [People].

  void open(String person, String path) {
    people.open(person, path);
  }

  void open(String path) {
    people.open(path);
  }

  void reloadUntilShown(String path, String text) {
    people.reloadUntilShown(path, text);
  }

  String shown() {
    return people.shown();
  }

  void awaitShown(String text) {
    people.awaitShown(text);
  }

  /// Applies the agent with this model, as the administrator; it takes a second person.
  HttpResponse<String> wantsModel(String model) {
    var body = JsonMapper.shared().createObjectNode();
    body.putArray("files").addObject().put("name", "agent.yaml").put("text", agent(model));
    var admin = remit.admin();
    return admin.exchange(
        admin
            .request("/v1/registry/apply")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  @Override
  public void close() {
    browser.close();
    remit.close();
    payments.close();
  }
}
