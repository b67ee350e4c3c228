package dev.remit.conformance.authzen;

import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A decision point as an enforcement point sees it: an address and a credential.
public record DecisionPoint(URI address, String token) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /// Returns `remit` as the person with every role sees it.
  public static DecisionPoint asAdmin(RemitProcess remit) {
    return new DecisionPoint(remit.address(), remit.admin().token());
  }

  /// Returns `remit` as an enforcement point sees it, with a token to ask with.
  public static DecisionPoint as(Workload workload, String intent, RemitProcess remit) {
    var details = JSON.createArrayNode();
    details.addObject().put("type", "https://remit.dev/task").put("intent", intent);
    var address = remit.address();
    var answer =
        workload.exchange(
            address, workload.proof(address, Instant.now()), address + "/access/v1", details);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the exchange was refused: " + answer.body());
    }
    return new DecisionPoint(
        address, JSON.readTree(answer.body()).get("access_token").stringValue());
  }

  /// Sends `body` as it is, whatever the answer.
  public HttpResponse<String> send(String path, String body, Map<String, String> headers) {
    var request = HttpRequest.newBuilder(address.resolve(path));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (!headers.containsKey("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    try {
      return CLIENT.send(
          request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("ask " + address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking", e);
    }
  }

  public HttpResponse<String> send(String path, String body) {
    return send(path, body, Map.of());
  }

  /// Asks and returns the answer.
  ///
  /// @throws IllegalStateException if it is not one
  public JsonNode ask(String path, String body) {
    var answer = send(path, body);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }
}
