package dev.remit.server.export.format;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Entries of every type, as features write them, and each once more with nothing but its type.
final class Samples {
  static final String ORIGIN = "ledger.test/f";
  static final Instant AT = Instant.parse("2026-11-21T10:00:00.123456Z");
  private static final JsonMapper JSON = JsonMapper.shared();

  private Samples() {}

  static List<Outgoing> all() {
    var all = new ArrayList<Outgoing>();
    for (var type : EntryType.values()) {
      all.add(out(all.size(), bare(type)));
      all.addAll(full(type).stream().map(one -> out(2, one)).toList());
    }
    all.add(ended("answered"));
    all.add(ended("timeout"));
    return all;
  }

  /// A decision, and with it the outcome that belongs to it.
  static Outgoing ended(String outcome) {
    var ended = bare(EntryType.CALL_ENDED);
    ended.put("of", "dec_1").put("identity", "spiffe://remit.test/agent").put("task", "tsk_1");
    ended.put("outcome", outcome).put("status", 200).put("bytes", 12).put("tookMicros", 1_500_000);
    return new Outgoing(
        new RecordedEntry(8, ended),
        ORIGIN,
        "payments",
        Optional.of(new RecordedEntry(7, decided("allow"))));
  }

  static Outgoing of(ObjectNode content) {
    return out(7, content);
  }

  static ObjectNode decided(String decision) {
    var entry = bare(EntryType.CALL_DECIDED);
    entry.put("id", "dec_1").put("identity", "spiffe://remit.test/agent");
    entry.put("workflow", "payments").put("task", "tsk_1").put("intent", "pay");
    entry.put("resource", "bank").put("method", "tools/call").put("action", "call");
    entry.put("target", "bank/transfer").put("decision", decision).put("policies", "sha256:00");
    entry.putArray("because").add("payments-may");
    return entry;
  }

  private static List<ObjectNode> full(EntryType type) {
    return switch (type) {
      case CALL_DECIDED ->
          List.of(
              decided("allow"),
              decided("deny").put("ground", "no-permit"),
              decided("hold"),
              decided("modify"),
              decided("defer"),
              decided("filter").put("action", "list").put("method", "tools/list"),
              decided("deny").put("observed", "enf_1"));
      case CALL_REFUSED ->
          List.of(with(type, "id", "dec_2", "resource", "bank", "reason", "task-ended"));
      case MODEL_PROPOSED ->
          List.of(with(type, "id", "dec_3", "of", "dec_1", "tool", "pay", "verdict", "refused"));
      case DECISION_ASKED ->
          List.of(
              with(type, "id", "dec_3", "asker", "spiffe://remit.test/pep", "decision", "deny"));
      case STANDING_CHANGED ->
          List.of(
              with(type, "kind", "identity", "name", "agent", "by", "anna").put("suspended", true),
              with(type, "kind", "person", "name", "ben", "by", "anna").put("suspended", false),
              with(type, "kind", "workflow", "name", "pay", "by", "anna").put("suspended", true),
              with(type, "kind", "workflow", "name", "pay", "by", "anna").put("suspended", false),
              with(type, "kind", "model", "name", "opus", "by", "anna").put("suspended", true));
      case REGISTRY_CHANGED ->
          List.of(
              with(type, "kind", "policy", "name", "p", "action", "create", "by", "anna"),
              with(type, "kind", "tool", "name", "t", "action", "update", "by", "anna"),
              with(type, "kind", "grant", "name", "g", "action", "retire", "by", "anna"));
      case SECRET_STORED ->
          List.of(
              with(type, "secret", "s", "by", "anna"),
              with(type, "secret", "s", "by", "anna").put("deleted", true));
      case APPROVAL_SETTLED ->
          List.of(
              with(type, "approval", "apr_1", "outcome", "granted", "by", "anna"),
              with(type, "approval", "apr_1", "outcome", "declined", "by", "anna"));
      case TOKEN_REVOKED ->
          List.of(
              with(type, "person", "ben", "by", "anna"),
              with(type, "token", "t", "task", "tsk_1", "identity", "spiffe://remit.test/a"));
      case FINDING_RAISED ->
          List.of(
              with(type, "id", "fnd_1", "kind", "k", "subject", "s", "severity", "high"),
              with(type, "id", "fnd_1", "kind", "k", "subject", "s", "severity", "medium"),
              with(type, "id", "fnd_1", "kind", "k", "subject", "s", "severity", "low"));
      case FINDING_CLOSED -> List.of(with(type, "of", "fnd_1", "kind", "k", "by", "anna"));
      case ENFORCEMENT_CHANGED ->
          List.of(
              with(type, "request", "enf_1", "mode", "observe"),
              with(type, "request", "enf_1", "mode", "enforce"));
      case TASK_STARTED, TASK_COMPLETED, TOKEN_ISSUED, SVID_ISSUED, EXCHANGE_REFUSED ->
          List.of(
              with(
                  type, "task", "tsk_1", "identity", "spiffe://remit.test/a", "reason", "expired"));
      case RESUMPTION_REQUESTED, RESUMPTION_SETTLED ->
          List.of(with(type, "kind", "model", "name", "opus", "by", "anna"));
      case CONTROL_MEASURED ->
          List.of(
              with(type, "kind", "identity", "name", "agent").put("complete", true),
              with(type, "task", "tsk_1").put("complete", false));
      case DRILL_FINISHED -> List.of(with(type, "outcome", "met"), with(type, "outcome", "missed"));
      case CREDENTIAL_INTENDED,
          CREDENTIAL_ISSUED,
          CREDENTIAL_REVOKING,
          CREDENTIAL_STUCK,
          CREDENTIAL_ENDED ->
          List.of(
              with(
                  type,
                  "credential",
                  "cred_1",
                  "role",
                  "remit_x",
                  "identity",
                  "spiffe://remit.test/a",
                  "detail",
                  "it is away"));
      case CREDENTIAL_RETURNED ->
          List.of(
              with(type, "task", "task_1", "resource", "books", "outcome", "revoked"),
              with(type, "task", "task_1", "resource", "books", "outcome", "failed"));
      case SECRET_OFFERED, SECRET_REVEALED ->
          List.of(
              with(type, "link", "link_1", "task", "task_1", "resource", "books", "secret", "s"));
      case CREDENTIAL_SWEPT -> List.of(with(type, "role", "remit_x", "where", "db.test/books"));
      case CREDENTIAL_QUARANTINED ->
          List.of(
              with(type, "where", "db.test/books").put("quarantined", true),
              with(type, "where", "db.test/books", "by", "anna").put("quarantined", false));
      case ACCOUNT_SET, PASSKEY_ADDED, PASSKEY_REMOVED, SESSION_STARTED, SESSION_ENDED ->
          List.of(with(type, "person", "anna", "by", "anna"));
      case SIGNIN_REFUSED -> List.of(with(type, "person", "anna", "reason", "password"));
      case CONSENT_GIVEN ->
          List.of(
              with(
                  type,
                  "person",
                  "anna",
                  "identity",
                  "spiffe://remit.test/a",
                  "intent",
                  "read-invoices"));
      case RISK_CHANGED ->
          List.of(
              with(type, "workflow", "invoices", "after", "high").put("rises", true),
              with(type, "workflow", "invoices", "after", "low").put("rises", false));
      case EXERCISE_FINISHED ->
          List.of(
              with(type, "workflow", "invoices", "outcome", "met"),
              with(type, "workflow", "invoices", "outcome", "missed"));
      case PROMOTION_REQUESTED,
          PROMOTION_SETTLED,
          CHANGE_OPENED,
          CHANGE_MOVED,
          CHANGE_EVALUATED,
          CHANGE_REVERSED,
          STAGE_CHANGED,
          PROOF_DECAYED,
          PROOF_RESTORED,
          EXCEPTION_REQUESTED,
          EXCEPTION_SETTLED,
          EXCEPTION_ENDED,
          EMERGENCY_REQUESTED,
          EMERGENCY_SETTLED,
          EMERGENCY_USED,
          EMERGENCY_ENDED,
          EMERGENCY_REVIEWED ->
          List.of(with(type, "workflow", "invoices", "by", "anna"));
      case EVALUATION_PLANNED -> List.of(with(type, "id", "evl_01jd0000000000000000000000"));
      case EVALUATION_ANSWERED, EVALUATION_LABELLED, EVALUATION_JUDGED ->
          List.of(with(type, "of", "evl_01jd0000000000000000000000"));
      case PROBES_ASKED, DRIFT_NOTICED -> List.of(with(type, "probes", "nightly"));
      case LOG_SEEN -> List.of(with(type, "origin", "remit.test/ledger/node-1"));
      case BOOT,
          SEAL,
          HEARTBEAT,
          KEY_CREATED,
          SIGNAL_RECEIVED,
          SIGNAL_REFUSED,
          KEY_REVOKED,
          KEY_RETIRED,
          APPLY_REQUESTED,
          APPLY_SETTLED,
          OWNER_SUCCEEDED,
          POLICY_ACTIVATED,
          POLICY_GATED,
          DEFINITION_PINNED,
          CALL_ENDED,
          APPROVAL_OPENED,
          APPROVAL_AGREED,
          APPROVAL_REMINDED,
          ALLOWANCE_GIVEN,
          ALLOWANCE_ENDED,
          OPERATOR_ISSUED,
          EVIDENCE_EXPORTED,
          EXPORT_REWOUND,
          EXPORT_SETASIDE,
          EVIDENCE_ERASED,
          EVIDENCE_EXPIRED,
          LEGALHOLD_PLACED,
          LEGALHOLD_LIFTED,
          CANARY_PLANTED,
          CANARY_RETIRED,
          ENFORCEMENT_REQUESTED,
          ENFORCEMENT_SETTLED ->
          List.of(with(type, "by", "anna"));
    };
  }

  private static ObjectNode with(EntryType type, String... members) {
    var entry = bare(type);
    for (int i = 0; i < members.length; i += 2) {
      entry.put(members[i], members[i + 1]);
    }
    return entry;
  }

  private static ObjectNode bare(EntryType type) {
    return JSON.createObjectNode()
        .put("v", Entry.VERSION)
        .put("type", type.word())
        .put("at", AT.toString())
        .put("producer", "node-1")
        .put("epoch", 1)
        .put("n", 3);
  }

  private static Outgoing out(long index, ObjectNode content) {
    var workflow = content.path("workflow").asString("");
    return new Outgoing(new RecordedEntry(index, content), ORIGIN, workflow, Optional.empty());
  }
}
