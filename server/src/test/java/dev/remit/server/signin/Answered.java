package dev.remit.server.signin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a program was answered.
record Answered(int status, String text, String nonce) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  JsonNode json() {
    return JsonMapper.shared().readTree(text);
  }

  String reason() {
    return json().path("reason").asString("");
  }

  static Answered post(URI uri, String authorization, String form) {
    return post(uri, authorization, "", form);
  }

  /// @param dpop the proof of a key; empty for none
  static Answered post(URI uri, String authorization, String dpop, String form) {
    var request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(form.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(form));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    if (!dpop.isEmpty()) {
      request.header("DPoP", dpop);
    }
    try {
      var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Answered(
          answer.statusCode(), answer.body(), answer.headers().firstValue("DPoP-Nonce").orElse(""));
    } catch (IOException e) {
      throw new UncheckedIOException("POST " + uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
