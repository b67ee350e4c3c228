package dev.remit.server.registry;

import dev.remit.server.registry.shape.Flaw;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Says plans, flaws and declared things in JSON.
final class RegistryJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private RegistryJson() {}

  static ObjectNode planned(Planned planned) {
    var object = JSON.objectNode();
    object.put("version", planned.version());
    object.put("applicable", planned.isApplicable());
    object.put("changed", planned.changesSomething());
    var changes = object.putArray("changes");
    planned.changes().forEach(change -> changes.add(change(change)));
    object.set("problems", flaws(planned.flaws()));
    object.set("risks", risks(planned.risks()));
    return object;
  }

  private static ArrayNode risks(List<RiskChange> risks) {
    var array = JSON.arrayNode();
    for (var change : risks) {
      var one = array.addObject().put("workflow", change.workflow().value());
      change
          .before()
          .ifPresent(
              was -> one.put("before", was.riskClass().word()).put("scoreBefore", was.score()));
      one.put("after", change.after().riskClass().word())
          .put("score", change.after().score())
          .put("rises", change.isRise());
      change.after().because().forEach(one.putArray("because")::add);
    }
    return array;
  }

  static ObjectNode replayed(Replayed replayed) {
    var object = JSON.objectNode();
    object.put("asked", replayed.asked());
    object.put("recorded", replayed.recorded());
    object.put("same", replayed.same());
    object.put("otherReason", replayed.otherReason());
    object.put("differ", replayed.differ());
    var groups = object.putArray("groups");
    replayed.groups().forEach(group -> groups.add(group(group)));
    object.put("ungrouped", replayed.ungrouped());
    var unplayable = object.putObject("unplayable");
    replayed.unplayable().forEach((why, count) -> unplayable.put(why.word(), count));
    return object;
  }

  private static ObjectNode group(Replayed.Group group) {
    var object = JSON.objectNode();
    object.put("was", group.was());
    object.put("would", group.would());
    object.put("why", group.why());
    group.cause().forEach(object.putArray("cause")::add);
    object.put("count", group.count());
    object.put("already", group.already());
    var examples = object.putArray("examples");
    for (var example : group.examples()) {
      var one =
          examples
              .addObject()
              .put("decision", example.decision())
              .put("at", example.at().toString())
              .put("identity", example.identity())
              .put("action", example.action())
              .put("target", example.target());
      example.because().forEach(one.putArray("because")::add);
    }
    return object;
  }

  static ArrayNode flaws(List<Flaw> flaws) {
    var array = JSON.arrayNode();
    for (var flaw : flaws) {
      array
          .addObject()
          .put("rule", flaw.rule())
          .put("severity", flaw.severity().word())
          .put("file", flaw.place().file())
          .put("line", flaw.place().line())
          .put("column", flaw.place().column())
          .put("message", flaw.message())
          .put("remedy", flaw.remedy());
    }
    return array;
  }

  private static ObjectNode change(Change change) {
    var object = JSON.objectNode();
    object.put("action", change.action().word());
    object.put("kind", change.ref().kind().noun());
    object.put("name", change.ref().name());
    change.before().ifPresent(digest -> object.put("before", digest.value()));
    change.after().ifPresent(digest -> object.put("after", digest.value()));
    object.put("file", change.place().file());
    object.put("line", change.place().line());
    var fields = object.putArray("fields");
    for (var field : change.fields()) {
      var one = fields.addObject().put("path", field.path());
      field.before().ifPresent(value -> one.set("before", value));
      field.after().ifPresent(value -> one.set("after", value));
    }
    return object;
  }

  /// Returns the thing as a manifest that could be applied again, with its `status` beside it.
  static ObjectNode stored(Stored stored) {
    var object = JSON.objectNode();
    object.put("apiVersion", ManifestShapes.API_VERSION);
    object.put("kind", stored.ref().kind().title());
    object.putObject("metadata").put("name", stored.ref().name());
    object.set("spec", stored.spec());
    object.set("status", status(stored));
    return object;
  }

  private static JsonNode status(Stored stored) {
    return JSON.objectNode()
        .put("revision", stored.revision())
        .put("digest", stored.digest().value())
        .put("set", stored.set())
        .put("by", stored.by().value())
        .put("at", stored.at().toString());
  }

  static ArrayNode refs(List<Ref> refs) {
    var array = JSON.arrayNode();
    refs.forEach(ref -> array.addObject().put("kind", ref.kind().noun()).put("name", ref.name()));
    return array;
  }

  static ArrayNode history(List<RegistryStore.Revision> revisions) {
    var array = JSON.arrayNode();
    for (var revision : revisions) {
      array
          .addObject()
          .put("revision", revision.revision())
          .put("version", revision.version())
          .put("action", revision.action())
          .put("digest", revision.digest().value())
          .put("set", revision.set())
          .put("by", revision.by().value())
          .put("at", revision.at().toString());
    }
    return array;
  }
}
