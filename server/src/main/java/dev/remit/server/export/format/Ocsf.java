package dev.remit.server.export.format;

import dev.remit.kernel.ledger.RecordedEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Says an entry as an event of the Open Cybersecurity Schema Framework.
///
/// This file is the table: which class and activity each type of entry is. What OCSF has no
/// attribute for is under `unmapped`, which holds the whole entry.
///
/// Source: OCSF schema 1.8.0, with the profile `security_control` for calls.
public final class Ocsf {
  public static final String VERSION = "1.8.0";
  public static final String MEDIA_TYPE = "application/x-ndjson";
  private static final JsonMapper JSON = JsonMapper.shared();

  private Ocsf() {}

  /// A class of events.
  enum Kind {
    EVENT_LOG_ACTIVITY(1, 1008),
    DETECTION_FINDING(2, 2004),
    ACCOUNT_CHANGE(3, 3001),
    AUTHENTICATION(3, 3002),
    ENTITY_MANAGEMENT(3, 3004),
    USER_ACCESS(3, 3005),
    APPLICATION_LIFECYCLE(6, 6002),
    API_ACTIVITY(6, 6003);

    private final int category;
    private final int uid;

    Kind(int category, int uid) {
      this.category = category;
      this.uid = uid;
    }
  }

  /// How bad an event is.
  enum Severity {
    INFORMATIONAL(1),
    LOW(2),
    MEDIUM(3),
    HIGH(4);

    private final int id;

    Severity(int id) {
      this.id = id;
    }
  }

  /// Returns one line: the event, and a line feed.
  public static byte[] line(Outgoing out) {
    return (event(out).toString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static JsonNode event(Outgoing out) {
    return switch (out.entry().type()) {
      case CALL_DECIDED, CALL_REFUSED, CALL_ENDED, MODEL_PROPOSED, DECISION_ASKED ->
          OcsfCalls.event(out);
      case BOOT -> OcsfRecords.lifecycle(out, 3, "Start");
      case SEAL -> OcsfRecords.lifecycle(out, 4, "Stop");
      case HEARTBEAT -> OcsfRecords.lifecycle(out, 99, "Heartbeat");
      case EVIDENCE_EXPORTED -> OcsfRecords.log(out, 3, "Export");
      case EVIDENCE_ERASED, EVIDENCE_EXPIRED -> OcsfRecords.log(out, 2, "Delete");
      case LEGALHOLD_PLACED -> OcsfRecords.log(out, 99, "Place legal hold");
      case LEGALHOLD_LIFTED -> OcsfRecords.log(out, 99, "Lift legal hold");
      case CANARY_PLANTED -> OcsfRecords.log(out, 99, "Plant canary");
      case CANARY_RETIRED -> OcsfRecords.log(out, 99, "Retire canary");
      case EXPORT_REWOUND -> OcsfRecords.log(out, 99, "Rewind export");
      case EXPORT_SETASIDE -> OcsfRecords.log(out, 99, "Set entries aside");
      case FINDING_RAISED -> OcsfRecords.finding(out, 1, "Create");
      case FINDING_CLOSED -> OcsfRecords.finding(out, 3, "Close");
      case TASK_STARTED ->
          OcsfAccess.privileges(
              out, 1, "Assign Privileges", "task: " + out.said("intent").orElse("unknown"));
      case APPROVAL_OPENED ->
          OcsfAccess.privileges(out, 99, "Ask for approval", OcsfAccess.HELD_CALL);
      case APPROVAL_SETTLED -> OcsfAccess.settled(out);
      case APPROVAL_AGREED ->
          OcsfAccess.privileges(out, 99, "Agree to a held call", OcsfAccess.HELD_CALL);
      case APPROVAL_REMINDED ->
          OcsfAccess.privileges(out, 99, "Remind of a held call", OcsfAccess.HELD_CALL);
      case ALLOWANCE_GIVEN ->
          OcsfAccess.privileges(out, 1, "Assign Privileges", OcsfAccess.HELD_CALL);
      case ALLOWANCE_ENDED ->
          OcsfAccess.privileges(out, 2, "Revoke Privileges", OcsfAccess.HELD_CALL);
      case OPERATOR_ISSUED -> OcsfAccess.privileges(out, 1, "Assign Privileges", "operator token");
      case ACCOUNT_SET -> OcsfEntities.changed(out, 3, "Update", "account", "person");
      case SESSION_STARTED -> OcsfAccess.session(out, 1, "Logon", true);
      case SESSION_ENDED -> OcsfAccess.session(out, 2, "Logoff", true);
      case SIGNIN_REFUSED -> OcsfAccess.session(out, 1, "Logon", false);
      case CONSENT_GIVEN ->
          OcsfAccess.privileges(
              out, 1, "Assign Privileges", "consent: " + out.said("intent").orElse("unknown"));
      case TOKEN_REVOKED -> OcsfAccess.revoked(out);
      case TOKEN_ISSUED -> OcsfAccess.session(out, 1, "Logon", true);
      case SVID_ISSUED -> OcsfAccess.session(out, 3, "Authentication Ticket", true);
      case EXCHANGE_REFUSED -> OcsfAccess.session(out, 1, "Logon", false);
      case TASK_COMPLETED -> OcsfAccess.session(out, 2, "Logoff", true);
      case STANDING_CHANGED -> OcsfAccess.standing(out);
      case RESUMPTION_REQUESTED -> OcsfEntities.changed(out, 99, "Ask to resume", "party", "name");
      case RESUMPTION_SETTLED -> OcsfEntities.changed(out, 99, "Settle", "party", "name");
      case CONTROL_MEASURED -> OcsfRecords.log(out, 99, "Measure control");
      case DRILL_FINISHED -> OcsfRecords.log(out, 99, "Finish drill");
      case CREDENTIAL_INTENDED -> OcsfAccess.lent(out, 99, "Intend");
      case CREDENTIAL_ISSUED -> OcsfAccess.lent(out, 1, "Assign Privileges");
      case CREDENTIAL_REVOKING -> OcsfAccess.lent(out, 99, "Revoking");
      case CREDENTIAL_STUCK -> OcsfAccess.stuck(out);
      case CREDENTIAL_ENDED -> OcsfAccess.lent(out, 2, "Revoke Privileges");
      case CREDENTIAL_RETURNED -> OcsfAccess.returned(out);
      case SECRET_OFFERED -> OcsfAccess.privileges(out, 99, "Offer Secret", OcsfAccess.SECRET);
      case SECRET_REVEALED -> OcsfAccess.privileges(out, 1, "Assign Privileges", OcsfAccess.SECRET);
      case CREDENTIAL_SWEPT -> OcsfEntities.changed(out, 4, "Delete", "database role", "role");
      case CREDENTIAL_QUARANTINED ->
          out.entry().content().path("quarantined").asBoolean(true)
              ? OcsfEntities.changed(out, 12, "Suspend", "database", "where")
              : OcsfEntities.changed(out, 13, "Resume", "database", "where");
      case SIGNAL_RECEIVED -> OcsfRecords.log(out, 99, "Receive signal");
      case SIGNAL_REFUSED -> OcsfRecords.log(out, 99, "Refuse signal");
      case RISK_CHANGED -> OcsfRecords.log(out, 99, "Weigh risk");
      case PROMOTION_REQUESTED -> OcsfRecords.log(out, 99, "Ask for promotion");
      case PROMOTION_SETTLED -> OcsfRecords.log(out, 99, "Settle promotion");
      case STAGE_CHANGED -> OcsfEntities.changed(out, 3, "Update", "workflow", "workflow");
      case PROOF_DECAYED -> OcsfRecords.log(out, 99, "Notice decayed proof");
      case PROOF_RESTORED -> OcsfRecords.log(out, 99, "Restore proof");
      case EXERCISE_FINISHED -> OcsfRecords.log(out, 99, "Finish exercise");
      case EXCEPTION_REQUESTED -> OcsfRecords.log(out, 99, "Ask for exception");
      case EXCEPTION_SETTLED -> OcsfRecords.log(out, 99, "Settle exception");
      case EXCEPTION_ENDED -> OcsfRecords.log(out, 99, "End exception");
      case LOG_SEEN -> OcsfRecords.log(out, 99, "See log");
      case REGISTRY_CHANGED -> OcsfEntities.declared(out);
      case KEY_REVOKED -> OcsfEntities.changed(out, 4, "Delete", "key", "kid", "key");
      case KEY_RETIRED -> OcsfEntities.changed(out, 4, "Delete", "key", "kid", "key");
      case KEY_CREATED -> OcsfEntities.changed(out, 1, "Create", "key", "kid", "key");
      case SECRET_STORED -> OcsfEntities.secret(out);
      case DEFINITION_PINNED -> OcsfEntities.changed(out, 3, "Update", "tool", "tool");
      case APPLY_REQUESTED -> OcsfEntities.changed(out, 99, "Ask to apply", "change", "id");
      case APPLY_SETTLED -> OcsfEntities.changed(out, 99, "Settle", "change", "request");
      case OWNER_SUCCEEDED -> OcsfEntities.changed(out, 3, "Update", "workflow", "workflow");
      case POLICY_ACTIVATED -> OcsfEntities.changed(out, 10, "Activate", "policy", "policies");
      case POLICY_GATED -> OcsfEntities.changed(out, 99, "Gate", "policy", "policies");
      case ENFORCEMENT_REQUESTED -> OcsfEntities.enforcement(out, 99, "Ask to observe");
      case ENFORCEMENT_SETTLED -> OcsfEntities.enforcement(out, 99, "Settle");
      case ENFORCEMENT_CHANGED -> OcsfEntities.enforcementChanged(out);
    };
  }

  /// Returns an event with the attributes that each has.
  static ObjectNode base(
      Outgoing out, Kind kind, int activity, String activityName, Severity severity) {
    var entry = out.entry();
    var event =
        JSON.createObjectNode()
            .put("category_uid", kind.category)
            .put("class_uid", kind.uid)
            .put("activity_id", activity)
            .put("activity_name", activityName)
            .put("type_uid", kind.uid * 100L + activity)
            .put("severity_id", severity.id)
            .put("time", entry.at().toEpochMilli())
            .put("message", message(entry));
    event.set("metadata", metadata(out));
    event.set("unmapped", entry.content());
    return event;
  }

  private static ObjectNode metadata(Outgoing out) {
    var entry = out.entry();
    var metadata =
        JSON.createObjectNode()
            .put("version", VERSION)
            .put("uid", out.id())
            .put("log_name", out.origin())
            .put("log_provider", entry.producer().name())
            .put("event_code", entry.type().word())
            .put("logged_time", entry.at().toEpochMilli());
    if (entry.index() <= Integer.MAX_VALUE) {
      metadata.put("sequence", (int) entry.index());
    }
    entry.id().ifPresent(id -> metadata.put("original_event_uid", id));
    entry.text("task").ifPresent(task -> metadata.put("correlation_uid", task));
    if (!out.workflow().isEmpty()) {
      metadata.put("tenant_uid", out.workflow());
    }
    metadata.putObject("product").put("name", "Remit").put("vendor_name", "Remit");
    return metadata;
  }

  /// Returns what happened in a few words, for a person who looks through many.
  static String message(RecordedEntry entry) {
    var said = new StringBuilder(entry.type().word());
    for (var member : List.of("decision", "outcome", "target", "action", "name", "reason")) {
      entry.text(member).ifPresent(text -> said.append(' ').append(text));
    }
    return said.toString();
  }

  static ObjectNode user(String name, int typeId) {
    return JSON.createObjectNode().put("name", name).put("uid", name).put("type_id", typeId);
  }

  /// Returns the person or node that acted.
  static ObjectNode actor(RecordedEntry entry) {
    var actor = JSON.createObjectNode().put("app_name", "Remit");
    entry.text("by").ifPresent(by -> actor.set("user", user(by, 1)));
    return actor;
  }

  static void status(ObjectNode event, boolean success) {
    event.put("status_id", success ? 1 : 2).put("status", success ? "Success" : "Failure");
  }
}
