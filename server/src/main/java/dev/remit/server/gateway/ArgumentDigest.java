package dev.remit.server.gateway;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
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
  static Digest of(JsonNode arguments) {
    var given =
        arguments.isMissingNode() || arguments.isNull()
            ? JsonMapper.shared().createObjectNode()
            : arguments;
    var canonical = CanonicalJson.digest(given);
    return isExact(given) ? canonical : Digest.of(given.toString());
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
