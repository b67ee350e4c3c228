package dev.remit.server.export.format;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.export.format.Ocsf.Kind;
import dev.remit.server.export.format.Ocsf.Severity;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Calls of agents as API activity (6003): who asked for what, what was decided, what came of it.
final class OcsfCalls {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int SERVICE = 4;

  /// What a control did, and what became of the call by it.
  private record Verdict(int action, int disposition, Severity severity, boolean success) {}

  private OcsfCalls() {}

  static ObjectNode event(Outgoing out) {
    var entry = out.entry();
    var verdict = verdict(entry);
    var activity = activity(out.said("action").orElse(""), out.said("method").orElse(""));
    var event =
        Ocsf.base(out, Kind.API_ACTIVITY, activity.id(), activity.name(), verdict.severity());
    Ocsf.status(event, verdict.success());
    entry.text("reason").ifPresent(reason -> event.put("status_detail", reason));
    event.put("action_id", verdict.action()).put("disposition_id", verdict.disposition());
    ((ObjectNode) event.path("metadata")).putArray("profiles").add("security_control");

    var identity = out.said("identity").or(() -> out.said("asker"));
    event.set("actor", actor(out, identity.orElse("unknown")));
    event.set("src_endpoint", JSON.createObjectNode().put("uid", identity.orElse("unknown")));
    event.set("api", api(out));
    out.said("resource")
        .ifPresent(resource -> {
          event.set("dst_endpoint", JSON.createObjectNode().put("svc_name", resource));
          var item = event.putArray("resources").addObject().put("type", "tool");
          item.put("name", out.said("target").orElse(resource)).put("namespace", resource);
        });
    if (entry.type() == EntryType.CALL_ENDED) {
      var took = entry.content().path("tookMicros");
      event.put("duration", took.asLong(0) / 1_000);
    }
    return event;
  }

  private record Activity(int id, String name) {}

  /// Remit knows what is asked for, not what a tool then does: a call is a use of the tool.
  private static Activity activity(String action, String method) {
    return switch (action) {
      case "read", "list", "prompt", "complete" -> new Activity(2, "Read");
      default -> new Activity(99, method.isEmpty() ? "Call" : method);
    };
  }

  private static ObjectNode actor(Outgoing out, String identity) {
    var actor = JSON.createObjectNode();
    actor.set("user", Ocsf.user(identity, SERVICE));
    out.said("task")
        .ifPresent(task -> actor.set("session", JSON.createObjectNode().put("uid", task)));
    if (!out.workflow().isEmpty()) {
      actor.put("app_name", out.workflow());
    }
    return actor;
  }

  private static ObjectNode api(Outgoing out) {
    var entry = out.entry();
    var api = JSON.createObjectNode();
    api.put("operation", out.said("method").or(() -> out.said("action")).orElse("unknown"));
    out.said("resource").ifPresent(name -> api.putObject("service").put("name", name));
    entry.of().or(entry::id).ifPresent(id -> api.putObject("request").put("uid", id));
    if (entry.type() == EntryType.CALL_ENDED) {
      var response = api.putObject("response").put("code", entry.content().path("status").asInt(0));
      entry.text("outcome").ifPresent(outcome -> response.put("message", outcome));
    }
    return api;
  }

  private static Verdict verdict(RecordedEntry entry) {
    if (entry.type() == EntryType.CALL_ENDED) {
      boolean answered = entry.text("outcome").filter("answered"::equals).isPresent();
      return new Verdict(1, 1, answered ? Severity.INFORMATIONAL : Severity.LOW, answered);
    }
    if (entry.type() == EntryType.CALL_REFUSED) {
      return new Verdict(2, 2, Severity.LOW, false);
    }
    if (entry.text("observed").isPresent()) {
      return new Verdict(3, 17, Severity.MEDIUM, true);
    }
    return switch (entry.text("decision").orElse("")) {
      case "allow" -> new Verdict(1, 1, Severity.INFORMATIONAL, true);
      case "modify", "filter" -> new Verdict(4, 12, Severity.INFORMATIONAL, true);
      case "hold", "defer" -> new Verdict(99, 14, Severity.INFORMATIONAL, false);
      case "deny" -> new Verdict(2, 2, Severity.LOW, false);
      default -> new Verdict(0, 0, Severity.INFORMATIONAL, false);
    };
  }
}
