package dev.remit.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One call of an operation, after its caller was admitted.
///
/// @param caller who calls
/// @param presented by what the caller is known
/// @param at when the call arrived
/// @param params the variable segments of the path, decoded
/// @param query the query parameters; of a repeated one, the first
/// @param headers the request's headers under lower-case names; of a repeated one, the first
/// @param body the whole body, never larger than the edge's limit; not copied
@SuppressWarnings("ArrayRecordComponent") // a call is read once and compared never
public record Call(
    Caller caller,
    Presented presented,
    Instant at,
    Map<String, String> params,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public Call {
    params = Map.copyOf(params);
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /// Returns the same call, of whom is known by now who it is.
  Call by(Caller known) {
    return new Call(known, presented, at, params, query, headers, body);
  }

  /// Returns a segment of the path, read as `type` reads it.
  ///
  /// @throws ProblemException if the segment is not of that form
  public <T> T param(String name, Function<String, T> type) {
    var text = params.get(name);
    if (text == null) {
      throw new IllegalArgumentException("the path has no segment `" + name + "`");
    }
    return read("path segment `" + name + "`", text, type);
  }

  public String param(String name) {
    return param(name, Function.identity());
  }

  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /// Returns a query parameter, read as `type` reads it.
  ///
  /// @throws ProblemException if it is there and not of that form
  public <T> Optional<T> query(String name, Function<String, T> type) {
    return query(name).map(text -> read("query parameter `" + name + "`", text, type));
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /// Returns the body as a JSON object.
  ///
  /// @throws ProblemException if it is not one, holds a key twice, or is followed by something
  public JsonNode json() {
    try {
      var value = STRICT.readTree(body);
      if (value == null || !value.isObject()) {
        throw notJson("the body is not a JSON object");
      }
      return value;
    } catch (JacksonException e) {
      throw notJson("the body is not valid JSON: " + e.getOriginalMessage());
    }
  }

  /// Returns the body as form parameters (`application/x-www-form-urlencoded`).
  ///
  /// @throws ProblemException if a parameter comes twice, which OAuth forbids (RFC 6749, section
  ///   3.2), or an escape is broken
  public Map<String, String> form() {
    var form = new LinkedHashMap<String, String>();
    for (var pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      var value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (form.put(name, value) != null) {
        throw new ProblemException(
            Problem.badRequest("the parameter `" + name + "` comes twice", "send it once"));
      }
    }
    return form;
  }

  private static String decoded(String text) {
    return read("form", text, t -> URLDecoder.decode(t, StandardCharsets.UTF_8));
  }

  private static <T> T read(String what, String text, Function<String, T> type) {
    try {
      return type.apply(text);
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new ProblemException(
          Problem.badRequest("the " + what + " is wrong: " + e.getMessage(), "correct it"));
    }
  }

  private static ProblemException notJson(String detail) {
    return new ProblemException(Problem.badRequest(detail, "send one JSON object in UTF-8"));
  }
}
