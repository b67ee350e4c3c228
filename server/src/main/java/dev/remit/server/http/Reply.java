package dev.remit.server.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What an operation answers.
///
/// @param status the HTTP status
/// @param contentType the media type of `body`; empty when there is none
/// @param headers further headers, each with one value
/// @param body the bytes to send; not copied
@SuppressWarnings("ArrayRecordComponent") // a reply is sent once and compared never
public record Reply(int status, String contentType, Map<String, String> headers, byte[] body) {

  public Reply {
    headers = Map.copyOf(headers);
  }

  public static Reply json(int status, JsonNode body) {
    return new Reply(status, "application/json", Map.of(), utf8(body.toString()));
  }

  public static Reply text(int status, String contentType, String body) {
    return new Reply(status, contentType, Map.of(), utf8(body));
  }

  public static Reply bytes(String contentType, byte[] body) {
    return new Reply(200, contentType, Map.of(), body);
  }

  public static Reply empty(int status) {
    return new Reply(status, "", Map.of(), new byte[0]);
  }

  public static Reply problem(Problem problem) {
    return new Reply(
        problem.status(), "application/problem+json", Map.of(), utf8(problem.toJson().toString()));
  }

  /// Returns this reply with one more header.
  public Reply with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, contentType, more, body);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
