package dev.remit.server.export.format;

import dev.remit.server.export.format.Ocsf.Kind;
import dev.remit.server.export.format.Ocsf.Severity;
import tools.jackson.databind.node.ObjectNode;

/// What is declared or kept, and whether policy is enforced: entity management (3004).
final class OcsfEntities {
  private static final int POLICY = 5;
  private static final int OTHER = 99;

  private OcsfEntities() {}

  /// @param named members of which the first that is there names the entity
  static ObjectNode changed(Outgoing out, int activity, String name, String type, String... named) {
    var what = type;
    for (int i = named.length - 1; i >= 0; i--) {
      what = out.entry().text(named[i]).orElse(what);
    }
    return entity(out, activity, name, type, what, Severity.INFORMATIONAL);
  }

  static ObjectNode declared(Outgoing out) {
    var kind = out.entry().text("kind").orElse("unknown");
    return switch (out.entry().text("action").orElse("")) {
      case "create" -> changed(out, 1, "Create", kind, "name");
      case "update" -> changed(out, 3, "Update", kind, "name");
      case "retire" -> changed(out, 4, "Delete", kind, "name");
      default -> changed(out, OTHER, "Change", kind, "name");
    };
  }

  static ObjectNode secret(Outgoing out) {
    return out.entry().content().path("deleted").asBoolean(false)
        ? changed(out, 4, "Delete", "secret", "secret")
        : changed(out, 3, "Update", "secret", "secret");
  }

  static ObjectNode enforcement(Outgoing out, int activity, String name) {
    return entity(out, activity, name, "policy", "enforcement", Severity.MEDIUM);
  }

  static ObjectNode enforcementChanged(Outgoing out) {
    return out.entry().text("mode").filter("observe"::equals).isPresent()
        ? entity(out, 9, "Disable", "policy", "enforcement", Severity.HIGH)
        : entity(out, 8, "Enable", "policy", "enforcement", Severity.MEDIUM);
  }

  private static ObjectNode entity(
      Outgoing out, int activity, String name, String type, String what, Severity severity) {
    var event = Ocsf.base(out, Kind.ENTITY_MANAGEMENT, activity, name, severity);
    event
        .putObject("entity")
        .put("name", what)
        .put("uid", type + "/" + what)
        .put("type", type)
        .put("type_id", type.equals("policy") ? POLICY : OTHER);
    event.set("actor", Ocsf.actor(out.entry()));
    Ocsf.status(event, true);
    return event;
  }
}
