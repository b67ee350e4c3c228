package dev.remit.server.tokens.proof;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The claims of a foreign JWT: attacker input until its signature is verified.
///
/// Parsed strictly: one JSON object, no key twice, at most 16 levels deep.
record Claims(JsonNode json) {
  private static final int DEPTH_MAX = 16;
  private static final long SECONDS_MAX = 253_402_300_799L; // the year 9999
  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(32)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static Optional<Claims> parse(byte[] payload) {
    try {
      return Optional.ofNullable(STRICT.readTree(payload))
          .filter(JsonNode::isObject)
          .map(Claims::new);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  Optional<String> text(String name) {
    return Optional.of(json.path(name)).filter(JsonNode::isString).map(JsonNode::stringValue);
  }

  /// Returns the values of `aud`, which may be one text or several; empty if it is anything else.
  List<String> audiences() {
    var aud = json.path("aud");
    if (aud.isString()) {
      return List.of(aud.stringValue());
    }
    if (!aud.isArray() || aud.valueStream().anyMatch(value -> !value.isString())) {
      return List.of();
    }
    return aud.valueStream().map(JsonNode::stringValue).toList();
  }

  /// Returns a time in seconds since 1970; empty if it is missing or no sensible number.
  Optional<Instant> time(String name) {
    var value = json.path(name);
    if (!value.isNumber()) {
      return Optional.empty();
    }
    double seconds = value.doubleValue();
    return seconds >= 0 && seconds <= SECONDS_MAX
        ? Optional.of(Instant.ofEpochMilli((long) (seconds * 1000)))
        : Optional.empty();
  }

  boolean has(String name) {
    return json.has(name);
  }

  /// Whether the claim is there with exactly this text, or is a list that contains it.
  ///
  /// @param name a top-level claim, or, starting with a slash, a JSON Pointer (RFC 6901) to a claim
  ///   further down, such as `/kubernetes.io/namespace`
  boolean holds(String name, String text) {
    var value = name.startsWith("/") ? json.at(name) : json.path(name);
    return value.isArray()
        ? value.valueStream().anyMatch(item -> isText(item, text))
        : isText(value, text);
  }

  private static boolean isText(JsonNode value, String text) {
    return (value.isString() || value.isBoolean() || value.isIntegralNumber())
        && value.asString().equals(text);
  }
}
