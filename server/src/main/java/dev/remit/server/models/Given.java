package dev.remit.server.models;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.gateway.ProposalDoor;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// The arguments of a proposed call.
///
/// @param json missing where what the model wrote is not one JSON object
/// @param digest in canonical form; of what has none, of the text
/// @param isFreeText whether they are no JSON by their kind
record Given(JsonNode json, Digest digest, boolean isFreeText) {
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// The input of a custom tool is free text, which its object holds.
  static Given of(String kind, String arguments) {
    if (kind.equals("custom") || kind.equals("custom_tool_call")) {
      var object = JsonMapper.shared().createObjectNode().put("input", arguments);
      return new Given(object, digest(object, arguments), true);
    }
    try {
      // Of a tool without parameters some models write nothing at all.
      var json = STRICT.readTree(arguments.isBlank() ? "{}" : arguments);
      if (json instanceof ObjectNode) {
        return new Given(json, digest(json, arguments), false);
      }
    } catch (JacksonException e) {
      return new Given(MissingNode.getInstance(), Digest.of(arguments), false);
    }
    return new Given(MissingNode.getInstance(), Digest.of(arguments), false);
  }

  boolean isJson() {
    return !json.isMissingNode();
  }

  private static Digest digest(JsonNode json, String text) {
    try {
      return ProposalDoor.digest(json);
    } catch (IllegalArgumentException e) {
      return Digest.of(text);
    }
  }
}
