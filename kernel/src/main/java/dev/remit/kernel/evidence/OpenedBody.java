package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalBase64;
import dev.remit.kernel.canonical.Digest;
import java.nio.ByteBuffer;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What an agent sent or was answered, opened for whoever holds the bundle. With its salt it can be
/// compared with the commitment in its entry.
///
/// @param index of the entry
/// @param name of the body
/// @param salt 32 bytes
/// @param value as it was
@SuppressWarnings("ArrayRecordComponent") // compared by digest only
public record OpenedBody(long index, String name, byte[] salt, byte[] value) {

  String place() {
    return index + " " + name;
  }

  /// Returns the commitment that the entry must hold.
  Digest commitment() {
    return Digest.of(ByteBuffer.allocate(salt.length + value.length).put(salt).put(value).array());
  }

  ObjectNode toJson() {
    var base64 = Base64.getEncoder();
    return JsonNodeFactory.instance
        .objectNode()
        .put("index", index)
        .put("name", name)
        .put("salt", base64.encodeToString(salt))
        .put("value", base64.encodeToString(value));
  }

  static OpenedBody of(JsonNode json) {
    return new OpenedBody(
        json.path("index").asLong(-1),
        json.path("name").asString(""),
        CanonicalBase64.decode(json.path("salt").asString("")),
        CanonicalBase64.decode(json.path("value").asString("")));
  }
}
