package dev.remit.kernel.evidence;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A body that an entry commits to and that the bundle does not open.
///
/// @param index of the entry
/// @param name of the body
/// @param why `withheld` by whoever made the bundle, `erased` for good, or `missing` where it
///   should be
public record Redaction(long index, String name, String why) {
  public static final String WITHHELD = "withheld";
  public static final String ERASED = "erased";
  public static final String MISSING = "missing";

  String place() {
    return index + " " + name;
  }

  ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("index", index)
        .put("name", name)
        .put("why", why);
  }

  static Redaction of(JsonNode json) {
    return new Redaction(
        json.path("index").asLong(-1),
        json.path("name").asString(""),
        json.path("why").asString(""));
  }
}
