package dev.remit.conformance.attacks;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ExportedLedger;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.kernel.ledger.RecordedEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A built server with honest workloads, an upstream that counts, and what an attacker can reach of
/// it from outside.
final class Victim implements AutoCloseable {
  static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  static final String JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt";
  static final String ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Path folder;
  private final FastUpstream upstream = FastUpstream.start();
  private final RemitProcess remit;
  final Platform platform = Platform.start();
  final Workload agent = Workload.fresh("spiffe://remit.local/bench/bench-agent");
  final Workload chief = Workload.fresh("spiffe://remit.local/bench/chief");
  final Workload helper = Workload.fresh("spiffe://remit.local/bench/helper");

  Victim(Path folder) {
    this.folder = folder;
    this.remit = RemitProcess.start(folder.resolve("data"));
    var manifests = BenchManifests.text(agent, upstream.url());
    remit.admin().apply(manifests + others());
  }

  /// Beside the agent of the benchmark: one that may delegate, one that is delegated to, one for
  /// which a platform vouches, a resource that none of them may reach, and a tool nobody is
  /// granted.
  private String others() {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: chief}
    spec:
      workflow: bench
      kind: agent
      autonomy: acts-alone
      delegatesTo: [helper]
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%s]}}
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: helper}
    spec:
      workflow: bench
      kind: agent
      autonomy: acts-alone
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%s]}}
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: job}
    spec:
      workflow: bench
      kind: agent
      autonomy: acts-alone
      authenticatesBy:
        - oidc: {issuer: "%s", audience: "%s", subject: "repo:acme/app", claims: {ref: main}}
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: vault}
    spec:
      type: mcp
      environment: test
      upstream: {http: {url: %s}}
    """
        .formatted(chief.jwk(), helper.jwk(), platform.uri(), address(), upstream.url());
  }

  URI address() {
    return remit.address();
  }

  String operatorToken() {
    return remit.admin().token();
  }

  long callsUpstream() {
    return upstream.calls();
  }

  // Honest things, to be stolen and stretched.

  /// A good proof of the agent, taken apart.
  Forgery proof() {
    return Forgery.of(agent.proof(address(), Instant.now()));
  }

  String token() {
    return task(agent).value();
  }

  Workload.TaskToken task(Workload of) {
    return of.start(address(), "fast", "measure", List.of());
  }

  /// A good proof of the job by its platform, taken apart.
  Forgery jobsProof() {
    var now = Instant.now().getEpochSecond();
    return new Forgery(JSON.createObjectNode(), JSON.createObjectNode())
        .header("alg", "ES256")
        .header("kid", "platform-1")
        .header("typ", "JWT")
        .claim("iss", platform.uri().toString())
        .claim("sub", "repo:acme/app")
        .claim("aud", address().toString())
        .claim("ref", "main")
        .claim("iat", now)
        .claim("exp", now + 300)
        .claim("jti", UUID.randomUUID().toString());
  }

  /// A token of the chief that delegates to the helper.
  String delegation(Workload by) {
    var detail = detail().put("delegateTo", helper.spiffeId());
    var form = form(by.proof(address(), Instant.now()), detail);
    form.put("resource", address() + "/oauth2/token");
    var answer = exchange(form);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the delegation was refused: " + answer.body());
    }
    return JSON.readTree(answer.body()).get("access_token").stringValue();
  }

  void complete(Workload.TaskToken task) {
    post("/v1/tasks/" + task.task() + "/complete", "{}", task.value());
  }

  void revoke(String token) {
    var answer = revoke(token, token);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the revocation was refused: " + answer.body());
    }
  }

  HttpResponse<String> revoke(String token, String as) {
    return send(
        request("/oauth2/revoke")
            .header("Authorization", "Bearer " + as)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(Map.of("token", token)))));
  }

  // The ways in.

  ObjectNode detail() {
    return JSON.createObjectNode().put("type", "https://remit.dev/task").put("intent", "measure");
  }

  /// The form of an exchange.
  Map<String, String> form(String proof, ObjectNode detail) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", EXCHANGE);
    form.put("subject_token", proof);
    form.put("subject_token_type", JWT_TYPE);
    form.put("resource", address() + "/mcp/fast");
    form.put("authorization_details", JSON.createArrayNode().add(detail).toString());
    return form;
  }

  /// The form by which `actor` acts for whoever `delegation` belongs to.
  Map<String, String> actingFor(String delegation, Workload actor) {
    var form = form(delegation, detail());
    form.put("subject_token_type", ACCESS_TOKEN_TYPE);
    form.put("actor_token", actor.proof(address(), Instant.now()));
    form.put("actor_token_type", JWT_TYPE);
    return form;
  }

  /// An exchange that is wrong in nothing but its proof.
  HttpResponse<String> exchange(String proof) {
    return exchange(form(proof, detail()));
  }

  HttpResponse<String> exchange(Map<String, String> form) {
    return exchange(encoded(form), "application/x-www-form-urlencoded");
  }

  HttpResponse<String> exchange(String body, String type) {
    return send(
        request("/oauth2/token").header("Content-Type", type).POST(BodyPublishers.ofString(body)));
  }

  /// A call that is wrong in nothing but its token.
  HttpResponse<String> call(String token) {
    return call(token, "echo");
  }

  HttpResponse<String> call(String token, String tool) {
    return new ModernAgent(address(), "fast").call(token, tool, "{\"n\":1}");
  }

  HttpResponse<String> post(String path, String body, String token) {
    return send(
        request(path)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(String path, String token) {
    return send(request(path).header("Authorization", "Bearer " + token).GET());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address() + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("attack", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during an attack", e);
    }
  }

  static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  // What remains of it all.

  List<RecordedEntry> recorded() {
    var cli = Cli.of(folder, address(), operatorToken());
    var directory = folder.resolve("export");
    var exported = cli.run("ledger", "export", directory.toString());
    if (exported.status() != 0) {
      throw new IllegalStateException(exported.output());
    }
    return new ExportedLedger(directory).entries();
  }

  @Override
  public void close() {
    remit.close();
    platform.close();
    upstream.close();
  }
}
