package dev.remit.server.gateway.wire;

import dev.remit.kernel.canonical.CanonicalJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// The id of a JSON-RPC request: a string or an integer, never `null`.
///
/// @param json the id as a JSON value in one spelling, so that an escaped letter is that letter
public record RpcId(String json) {

  /// Returns the id with this text.
  public static RpcId of(String text) {
    return new RpcId(CanonicalJson.text(StringNode.valueOf(text)));
  }

  /// Whether `value` can be an id at all.
  public static boolean isId(JsonNode value) {
    return value.isString() || value.isIntegralNumber();
  }

  /// Returns the id that `value` is. Integers keep every digit: the canonical form of JSON would
  /// round the large ones.
  public static RpcId of(JsonNode value) {
    return value.isString()
        ? of(value.stringValue())
        : new RpcId(value.bigIntegerValue().toString());
  }

  @Override
  public String toString() {
    return json;
  }
}
