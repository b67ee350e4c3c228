package dev.remit.server.gateway;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.server.gateway.wire.Params;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The digest by which two calls have the same arguments.
///
/// That of the canonical form, except where a number is larger than a double can hold exactly: two
/// account numbers that differ in the last digit have one canonical form, and an approval of one
/// must not release the other. There the exact text counts.
final class ArgumentDigest {
  private static final long EXACT_MAX = 1L << 53;

  private ArgumentDigest() {}

  /// @throws IllegalArgumentException if the arguments have no canonical form
  static Digest of(Params params) {
    var given = given(params);
    var canonical = CanonicalJson.digest(given);
    return isExact(given) ? canonical : Digest.of(given.toString());
  }

  /// Everything that a request hands over: its arguments and, when it goes on with an exchange that
  /// the server has opened, what it answers there. That is input like any, and nobody has agreed to
  /// it by agreeing to the arguments.
  static JsonNode given(Params params) {
    var arguments = params.arguments();
    var given =
        arguments.isMissingNode() || arguments.isNull()
            ? JsonMapper.shared().createObjectNode()
            : arguments;
    if (!continues(params)) {
      return given;
    }
    var all = JsonMapper.shared().createObjectNode();
    all.set("arguments", given);
    if (!params.inputResponses().isMissingNode()) {
      all.set("inputResponses", params.inputResponses());
    }
    all.put("requestState", RequestStates.isOurs(params) ? "" : params.requestState());
    return all;
  }

  /// Whether the request goes on with an exchange that the server itself has opened.
  static boolean continues(Params params) {
    return !params.inputResponses().isMissingNode()
        || !(params.requestState().isEmpty() || RequestStates.isOurs(params));
  }

  private static boolean isExact(JsonNode value) {
    if (value.isIntegralNumber()) {
      return value.canConvertToLong() && Math.abs(value.longValue()) <= EXACT_MAX;
    }
    for (var inner : value) {
      if (!isExact(inner)) {
        return false;
      }
    }
    return true;
  }
}
