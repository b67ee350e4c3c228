package dev.remit.server.export.format;

import dev.remit.server.export.format.Ocsf.Kind;
import dev.remit.server.export.format.Ocsf.Severity;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The recorder itself: that it runs, what left it or was erased from it, and what looks wrong.
final class OcsfRecords {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int NEW = 1;
  private static final int RESOLVED = 4;

  private OcsfRecords() {}

  static ObjectNode lifecycle(Outgoing out, int activity, String name) {
    var event = Ocsf.base(out, Kind.APPLICATION_LIFECYCLE, activity, name, Severity.INFORMATIONAL);
    event.set(
        "app",
        JSON.createObjectNode()
            .put("name", "Remit")
            .put("uid", out.entry().producer().name())
            .put("vendor_name", "Remit"));
    return event;
  }

  static ObjectNode log(Outgoing out, int activity, String name) {
    var event = Ocsf.base(out, Kind.EVENT_LOG_ACTIVITY, activity, name, Severity.LOW);
    event.put("log_name", out.origin());
    event.set("actor", Ocsf.actor(out.entry()));
    Ocsf.status(event, true);
    return event;
  }

  static ObjectNode finding(Outgoing out, int activity, String name) {
    var entry = out.entry();
    var severity =
        switch (entry.text("severity").orElse("")) {
          case "high" -> Severity.HIGH;
          case "medium" -> Severity.MEDIUM;
          case "low" -> Severity.LOW;
          default -> Severity.INFORMATIONAL;
        };
    var event = Ocsf.base(out, Kind.DETECTION_FINDING, activity, name, severity);
    var kind = entry.text("kind").orElse("finding");
    var info =
        JSON.createObjectNode()
            .put("uid", entry.id().or(entry::of).orElse(out.id()))
            .put("title", kind + ": " + entry.text("subject").orElse(""));
    entry.text("summary").ifPresent(summary -> info.put("desc", summary));
    info.putArray("types").add(kind);
    event.set("finding_info", info);
    event.put("status_id", activity == 3 ? RESOLVED : NEW);
    event.put("is_alert", activity == 1);
    return event;
  }
}
