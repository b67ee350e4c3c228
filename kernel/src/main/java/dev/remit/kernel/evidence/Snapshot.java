package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What something was declared as, at one revision: a workflow, a grant, a policy's text.
///
/// The entry that says it changed holds the digest of `spec` in its canonical form, as `after`.
public record Snapshot(String kind, String name, long revision, JsonNode spec) {

  /// Returns how an entry and a snapshot are matched.
  String place() {
    return place(kind, name, revision);
  }

  static String place(String kind, String name, long revision) {
    return kind + "/" + name + " revision " + revision;
  }

  Digest digest() {
    return CanonicalJson.digest(spec);
  }

  ObjectNode toJson() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("kind", kind);
    json.put("name", name);
    json.put("revision", revision);
    json.set("spec", spec);
    return json;
  }

  static Snapshot of(JsonNode json) {
    return new Snapshot(
        json.path("kind").asString(""),
        json.path("name").asString(""),
        json.path("revision").asLong(0),
        json.path("spec"));
  }
}
