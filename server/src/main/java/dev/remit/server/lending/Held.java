package dev.remit.server.lending;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.certificates.Svid;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A credential of any kind as it is listed: who holds it, and all that is told of it.
///
/// @param json never a password
record Held(
    CredentialId id, TaskId task, SpiffeId subject, WorkflowName workflow, ObjectNode json) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// Of a database.
  static Held of(Lent lent) {
    return new Held(lent.id(), lent.task(), lent.subject(), lent.workflow(), json(lent));
  }

  /// A certificate.
  static Held of(Svid svid) {
    return new Held(svid.id(), svid.task(), svid.subject(), svid.workflow(), json(svid));
  }

  private static ObjectNode json(Lent lent) {
    var json =
        JSON.createObjectNode()
            .put("id", lent.id().value())
            .put("kind", "database")
            .put("state", lent.state().name().toLowerCase(Locale.ROOT))
            .put("task", lent.task().value())
            .put("identity", lent.identity().value())
            .put("workflow", lent.workflow().value())
            .put("resource", lent.resource().value())
            .put("profile", lent.profile())
            .put("decision", lent.decision().value())
            .put("role", lent.role())
            .put("where", lent.place().toString())
            .put("issuedAt", lent.intendedAt().toString())
            .put("expiresAt", lent.expiresAt().toString());
    lent.reason().ifPresent(reason -> json.put("reason", reason));
    lent.revokingAt().ifPresent(at -> json.put("revokingAt", at.toString()));
    lent.endedAt().ifPresent(at -> json.put("endedAt", at.toString()));
    if (lent.attempts() > 0) {
      json.put("attempts", lent.attempts());
    }
    lent.lastError()
        .filter(_ -> lent.endedAt().isEmpty())
        .ifPresent(error -> json.put("lastError", error));
    return json;
  }

  private static ObjectNode json(Svid svid) {
    var json =
        JSON.createObjectNode()
            .put("id", svid.id().value())
            .put("kind", "certificate")
            .put("state", svid.state().name().toLowerCase(Locale.ROOT))
            .put("task", svid.task().value())
            .put("identity", svid.identity().value())
            .put("workflow", svid.workflow().value())
            .put("authority", svid.authority())
            .put("serial", svid.serial())
            .put("issuedAt", svid.intendedAt().toString())
            .put("expiresAt", svid.expiresAt().toString());
    svid.thumbprint().ifPresent(thumbprint -> json.put("thumbprint", thumbprint));
    svid.reason().ifPresent(reason -> json.put("reason", reason));
    svid.revokingAt().ifPresent(at -> json.put("revokingAt", at.toString()));
    svid.endedAt().ifPresent(at -> json.put("endedAt", at.toString()));
    return json;
  }
}
