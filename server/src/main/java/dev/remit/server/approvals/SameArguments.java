package dev.remit.server.approvals;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The digests by which two calls have the same arguments.
///
/// That of the canonical form, except where a number is larger than a double can hold exactly: two
/// account numbers that differ in the last digit have one canonical form, and an approval of one
/// must not release the other. There the exact text counts.
public final class SameArguments {
  private static final long EXACT_MAX = 1L << 53;

  private SameArguments() {}

  /// Returns the digest of everything that is given.
  ///
  /// @throws IllegalArgumentException if it has no canonical form
  public static Digest all(JsonNode given) {
    var canonical = CanonicalJson.digest(given);
    return isExact(given) ? canonical : Digest.of(given.toString());
  }

  /// Returns the digest of what is given but for the arguments that may differ, and of their names:
  /// whoever may vary one thing may not vary another in its place.
  ///
  /// @param free see [ForTask#free]
  static Digest but(JsonNode given, Set<String> free) {
    var rest = JsonMapper.shared().createObjectNode();
    var names = rest.putArray("free");
    free.stream().sorted().forEach(names::add);
    if (!free.contains(ForTask.ANY)) {
      rest.set("fixed", given instanceof ObjectNode all ? all.deepCopy().remove(free) : given);
    }
    return all(rest);
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
