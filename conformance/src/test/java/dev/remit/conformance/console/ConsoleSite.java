package dev.remit.conformance.console;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.browser.Chromium;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.conformance.harness.Workload.TaskToken;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A running server, an agent that settles claims, the server it calls, and a browser at which
/// people sign in: `anna` owns the workflow and may approve, `bea` approves, `sec` is security.
final class ConsoleSite implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  final Payments payments = new Payments();
  final RemitProcess remit;
  final Chromium browser;
  final ScriptedProvider provider = new ScriptedProvider();
  final People people;
  private final Workload workload = Workload.fresh("spiffe://remit.local/claims/claims-agent");

  ConsoleSite(Path folder) throws IOException {
    this(folder, "registry: {secondPerson: always}\n");
  }

  /// @param config of the server, beside the models that evaluations may ask
  ConsoleSite(Path folder, String config) throws IOException {
    folder.toFile().setExecutable(true, false);
    this.browser =
        Chromium.open(folder.resolve("profile"))
            .orElseGet(() -> abort("skipped: Chromium is not installed"));
    var file = Files.writeString(folder.resolve("remit.yaml"), config + endpoints());
    this.remit = RemitProcess.start(folder.resolve("data"), "--config", file.toString());
    remit.admin().secret("provider-key", "Bearer sk-1");
    remit.admin().apply(manifests());
    this.people = new People(remit, browser);
    List.of("anna", "bea", "sec").forEach(people::choosePassword);
  }

  private String endpoints() {
    return """
    evaluations:
      endpoints:
        - {name: in-use, url: "%1$s/v1", model: clerk-large, declared: clerk}
        - {name: next, url: "%1$s/v1", model: clerk-next, declared: clerk-next}
    """
        .formatted(provider.url());
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
    spec: {provider: example, model: clerk-large, lifecycle: ga, resource: llm}
    ---
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: clerk-next}
    spec: {provider: example, model: clerk-next, lifecycle: ga, resource: llm}
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: llm}
    spec:
      type: models
      environment: test
      upstream:
        models:
          url: %s
          dialects: [openai]
          headers: {Authorization: {secret: provider-key}}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: claims-llm}
    spec:
      identity: claims-agent
      resource: llm
      models: [clerk, clerk-next]
      approvedBy: bea
      expires: %s
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: agents-ask-models}
    spec:
      description: Agents may ask the models that are granted to them.
      cedar: |
        permit (principal, action == Action::"ask", resource);
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
            .formatted(
                LocalDate.now(ZoneOffset.UTC).plusDays(60),
                provider.url(),
                LocalDate.now(ZoneOffset.UTC).plusDays(60))
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

  /// A task in which a model may be asked, and its token for that.
  TaskToken asking() {
    return workload.start(remit.address(), "llm", "settle-claim", List.of());
  }

  /// A token of the same task for the payments.
  String toPayments(TaskToken asking) {
    var details = JSON.createArrayNode();
    details.addObject().put("type", "https://remit.dev/task").put("task", asking.task());
    var answer =
        workload.exchange(
            remit.address(),
            workload.proof(remit.address(), Instant.now()),
            remit.address() + "/mcp/payments",
            details);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the task was not continued: " + answer.body());
    }
    return JSON.readTree(answer.body()).get("access_token").stringValue();
  }

  /// Asks the model, in the name of `model`, with everything that was said before.
  JsonNode ask(TaskToken asking, String model, JsonNode messages) {
    var body = JSON.createObjectNode().put("model", model);
    body.set("messages", messages);
    var answer =
        remit
            .admin()
            .exchange(
                HttpRequest.newBuilder(remit.address().resolve("/llm/llm/v1/chat/completions"))
                    .header("Authorization", "Bearer " + asking.value())
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body.toString())));
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the model was not asked: " + answer.body());
    }
    return JSON.readTree(answer.body());
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
    return wantsModel(remit.admin(), model);
  }

  /// The same, as somebody else.
  HttpResponse<String> wantsModel(Operator who, String model) {
    var body = JSON.createObjectNode();
    body.putArray("files").addObject().put("name", "agent.yaml").put("text", agent(model));
    return who.exchange(
        who.request("/v1/registry/apply")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  @Override
  public void close() {
    browser.close();
    remit.close();
    payments.close();
    provider.close();
  }
}
