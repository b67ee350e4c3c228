package dev.remit.server.authzen;

import dev.remit.server.http.Call;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads requests as the specification describes them: what is required must be there and of its
/// type, what is unknown is ignored, and a key that comes twice is refused.
///
/// Source: Authorization API 1.0, sections 5 to 8 and 10.1.
public final class RequestReader {
  private static final int NAME_CHARS_MAX = 2_048;

  private final JsonMapper json;
  private final int bytesMax;

  /// Which of the three a search looks for, and so need not be named.
  enum Sought {
    NOTHING,
    SUBJECT,
    RESOURCE,
    ACTION
  }

  public RequestReader(int bytesMax, int depthMax) {
    this.bytesMax = bytesMax;
    var constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(depthMax)
            .maxDocumentLength(bytesMax)
            .maxNameLength(NAME_CHARS_MAX)
            .build();
    this.json =
        JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
  }

  JsonNode object(Call call) throws Malformed {
    var type = call.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (!type.split(";", 2)[0].strip().equals("application/json")) {
      throw new Malformed("the Content-Type must be application/json");
    }
    return object(call.body());
  }

  /// Returns the bytes as one JSON object.
  JsonNode object(byte[] bytes) throws Malformed {
    if (bytes.length > bytesMax) {
      throw new Malformed("the request is longer than " + bytesMax + " bytes");
    }
    try {
      var value = json.readTree(bytes);
      if (value == null || !value.isObject()) {
        throw new Malformed("the body must be one JSON object");
      }
      return value;
    } catch (JacksonException e) {
      throw new Malformed("the body is not valid JSON: " + e.getOriginalMessage());
    }
  }

  /// Reads one evaluation, or the query of a search.
  ///
  /// @param defaults supplies whole members that `request` leaves out; may be `request` itself
  Access access(JsonNode request, JsonNode defaults, Sought sought) throws Malformed {
    var subject = member("subject", request, defaults);
    var resource = member("resource", request, defaults);
    var context = member("context", request, defaults);
    boolean named = sought != Sought.ACTION;
    var action = named ? object("action", member("action", request, defaults)) : nothing();
    return new Access(
        thing("subject", subject, sought == Sought.SUBJECT),
        named ? text("action.name", action.path("name")) : "",
        optionalObject("action.properties", action.path("properties")),
        thing("resource", resource, sought == Sought.RESOURCE),
        optionalObject("context", context));
  }

  private static JsonNode member(String name, JsonNode request, JsonNode defaults) {
    return request.has(name) ? request.get(name) : defaults.path(name);
  }

  private static Thing thing(String where, JsonNode value, boolean sought) throws Malformed {
    var thing = object(where, value);
    return new Thing(
        text(where + ".type", thing.path("type")),
        sought ? "" : text(where + ".id", thing.path("id")),
        optionalObject(where + ".properties", thing.path("properties")));
  }

  private static JsonNode object(String where, JsonNode value) throws Malformed {
    if (value.isMissingNode()) {
      throw new Malformed("`" + where + "` is missing");
    }
    if (!value.isObject()) {
      throw new Malformed("`" + where + "` must be an object");
    }
    return value;
  }

  static JsonNode optionalObject(String where, JsonNode value) throws Malformed {
    return value.isMissingNode() ? nothing() : object(where, value);
  }

  private static String text(String where, JsonNode value) throws Malformed {
    if (value.isMissingNode()) {
      throw new Malformed("`" + where + "` is missing");
    }
    if (!value.isString() || value.stringValue().isEmpty()) {
      throw new Malformed("`" + where + "` must be text that is not empty");
    }
    if (value.stringValue().length() > NAME_CHARS_MAX) {
      throw new Malformed("`" + where + "` is longer than " + NAME_CHARS_MAX + " characters");
    }
    return value.stringValue();
  }

  static JsonNode nothing() {
    return JsonNodeFactory.instance.objectNode();
  }
}
