package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
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
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An agent in a test: holds a key of its own, proves with it who it is, exchanges the proof for
/// task tokens (RFC 8693), and calls its server with them.
///
/// All its tasks have the intent [#INTENT]. An exchange that is refused fails the test with what
/// the server said; who wants the refusal asks with [#exchange].
public final class TestAgent implements AutoCloseable {
  public static final String INTENT = "read-invoices";

  private static final String PROOF_TYPE = "urn:ietf:params:oauth:token-type:jwt";

  private static final String TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final URI server;
  private final String spiffeId;
  private final ECKey key = TestIssuer.fresh("key-1");
  private final HttpClient client = HttpClient.newHttpClient();

  /// @param server where its deployment is, and what its proofs are made out to
  public TestAgent(URI server, String spiffeId) {
    this.server = server;
    this.spiffeId = spiffeId;
  }

  public String spiffeId() {
    return spiffeId;
  }

  public ECKey key() {
    return key;
  }

  /// Its public key as a manifest holds it.
  public String jwk() {
    return key.toPublicJWK().toJSONString();
  }

  public HttpClient client() {
    return client;
  }

  /// What proves it, once.
  public String proof() {
    return Proof.own(spiffeId, key, Instant.now()).with("aud", server.toString()).sign();
  }

  /// A token of a new task for `resource`, for all that is granted or for the tools named.
  public String token(String resource, String... tools) {
    return exchanged(asking(resource, tools));
  }

  /// What it sends for [#token].
  public Map<String, String> asking(String resource, String... tools) {
    var task = task();
    if (tools.length > 0) {
      task.set("tools", JSON.valueToTree(List.of(tools)));
    }
    return asking(proof(), PROOF_TYPE, "/mcp/" + resource, task);
  }

  /// A token by which `actor` may act for this agent.
  ///
  /// @param narrowing further members of the task's details, such as `callsMax`
  public String delegation(TestAgent actor, Map<String, ?> narrowing) {
    var task = task().put("delegateTo", actor.spiffeId);
    narrowing.forEach((member, value) -> task.set(member, JSON.valueToTree(value)));
    return exchanged(asking(proof(), PROOF_TYPE, "/oauth2/token", task));
  }

  /// A token for `resource` by which this agent acts for whoever made `delegation` out to it.
  public String acting(String delegation, String resource) {
    var form = asking(delegation, TOKEN_TYPE, "/mcp/" + resource, task());
    form.put("actor_token", proof());
    form.put("actor_token_type", PROOF_TYPE);
    return exchanged(form);
  }

  private static ObjectNode task() {
    return JSON.createObjectNode().put("type", "https://remit.dev/task").put("intent", INTENT);
  }

  private Map<String, String> asking(String subject, String type, String path, ObjectNode task) {
    var form = new LinkedHashMap<String, String>();
    form.put("subject_token", subject);
    form.put("subject_token_type", type);
    form.put("resource", server + path);
    form.put("authorization_details", "[" + task + "]");
    return form;
  }

  /// Exchanges what is given for a task token.
  public String exchanged(Map<String, String> given) {
    var answer = exchange(given);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).get("access_token").stringValue();
  }

  /// Asks for a token and returns whatever the server answers.
  ///
  /// @param headers names and values in turn, such as a proof of the key that is to hold the token
  public HttpResponse<String> exchange(Map<String, String> given, String... headers) {
    var form = new LinkedHashMap<>(given);
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    var request =
        HttpRequest.newBuilder(server.resolve("/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(form)));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("call the server", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while calling the server", e);
    }
  }

  static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(field ->
            field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
