package dev.remit.server.changes;

import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Word;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Says changes in JSON.
final class ChangeJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ChangeJson() {}

  /// What a list shows of one.
  static ObjectNode of(Change change) {
    var json =
        JSON.objectNode()
            .put("id", change.id().value())
            .put("identity", change.identity().value())
            .put("workflow", change.workflow().value())
            .put("model", change.model().value())
            .put("origin", change.origin().word())
            .put("state", change.state().word())
            .put("why", change.why())
            .put("fingerprint", change.fingerprint().digest().value())
            .put("openedAt", change.openedAt().toString())
            .put("movedAt", change.movedAt().toString())
            .put("requestedBy", change.requestedBy().value());
    change.kind().ifPresent(kind -> json.put("class", kind.word()));
    change.axes().stream().sorted().map(Word::word).forEach(json.putArray("axes")::add);
    change.suspends().stream().sorted().forEach(one -> json.withArray("suspends").add(one.value()));
    change.suites().forEach(json.putArray("suites")::add);
    change.before().map(ChangeId::value).ifPresent(id -> json.put("before", id));
    change.approvedBy().map(PersonName::value).ifPresent(by -> json.put("approvedBy", by));
    change.expiresAt().ifPresent(at -> json.put("expiresAt", at.toString()));
    return json;
  }

  /// All that there is to one.
  static ObjectNode of(Changes.Look look) {
    var change = look.change();
    var json = of(change);
    json.set("parts", change.fingerprint().json());
    json.set("declared", change.revisions());
    change.assessment().ifPresent(found -> json.set("assessment", found));
    var said = json.putArray("evaluations");
    for (var one : look.evaluations()) {
      said.addObject()
          .put("suite", one.suite())
          .put("run", one.run())
          .put("verdict", one.outcome().word())
          .put("how", one.how().word())
          .put("said", one.said())
          .put("by", one.by().value())
          .put("at", one.at().toString());
    }
    var missing = json.putArray("missing");
    for (var one : look.missing()) {
      missing.addObject().put("suite", one.suite()).put("why", one.why());
    }
    return json;
  }

  static ObjectNode of(Rollback.Done.Restored done) {
    var json =
        JSON.objectNode()
            .put("to", done.to().id().value())
            .put("fingerprint", done.to().fingerprint().digest().value())
            .put("whole", done.whole())
            .put("millis", done.took().toMillis())
            .put("outcome", done.inTime() ? "met" : "missed");
    var differs = json.putArray("differences");
    done.differences().forEach(one -> differs.add(one.said()));
    return json;
  }
}
