package dev.remit.conformance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A person at the API, with an operator token.
public final class Operator {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final URI address;
  private final String token;

  public Operator(URI address, String token) {
    this.address = address;
    this.token = token;
  }

  public String token() {
    return token;
  }

  /// Applies manifests.
  ///
  /// @throws IllegalStateException with the server's problems, if it refuses
  public JsonNode apply(String manifests) {
    var body = JSON.createObjectNode();
    body.putArray("files").addObject().put("name", "harness.yaml").put("text", manifests);
    return post("/v1/registry/apply", body);
  }

  /// Stores a secret that an upstream needs.
  public void secret(String name, String value) {
    var body = JSON.createObjectNode().put("value", value);
    sent(request("/v1/secrets/" + name).PUT(BodyPublishers.ofString(body.toString())));
  }

  /// Returns another declared person, with a token of their own.
  public Operator person(String name) {
    var issued = post("/v1/people/" + name + "/tokens", JSON.createObjectNode());
    return new Operator(address, issued.get("token").stringValue());
  }

  /// Lets go on what is suspended, as two people do: this one asks and a second one agrees.
  ///
  /// @param party as a path has it, `identities/NAME`
  public void resume(String party) {
    apply(
        """
        apiVersion: remit.dev/v1
        kind: Person
        metadata: {name: second-person}
        spec: {displayName: Second, email: second@example.org, roles: [security]}
        """);
    var reason = JSON.createObjectNode().put("reason", "looked at it");
    var asked = post("/v1/" + party + "/resume", reason);
    person("second-person")
        .post(
            "/v1/resumptions/" + asked.path("id").asString("") + "/answer",
            JSON.createObjectNode().put("agree", true));
  }

  public JsonNode get(String path) {
    return sent(request(path).GET());
  }

  public JsonNode post(String path, JsonNode body) {
    return sent(request(path).POST(BodyPublishers.ofString(body.toString())));
  }

  /// Sends a request whatever the answer.
  public HttpResponse<String> exchange(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("call " + address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while calling " + address, e);
    }
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  private JsonNode sent(HttpRequest.Builder request) {
    var answer = exchange(request);
    if (!List.of(200, 201, 202, 204).contains(answer.statusCode())) {
      throw new IllegalStateException(
          answer.request().method()
              + " "
              + answer.request().uri().getPath()
              + " was refused: "
              + why(answer.body()));
    }
    return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
  }

  /// What a reader needs of a refusal: the problems it lists, or all of it.
  private static String why(String body) {
    var problems = body.startsWith("{") ? JSON.readTree(body).path("problems") : JSON.nullNode();
    return problems.isEmpty() ? body : problems.toString();
  }
}
