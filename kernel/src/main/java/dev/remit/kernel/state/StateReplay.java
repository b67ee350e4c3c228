package dev.remit.kernel.state;

import dev.remit.kernel.ledger.RecordedEntry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

/// What each entry does to the state: this file is the whole list, type by type.
///
/// A `switch` without `default`, so that a new type of entry must say which rows it changes.
final class StateReplay {
  private static final String[] DATABASE_CREDENTIAL = {
    "task", "identity", "workflow", "resource", "profile", "role", "of", "where"
  };
  private static final String[] CERTIFICATE = {
    "task", "identity", "workflow", "token", "authority", "serial", "key"
  };

  private final Expectation rows;

  StateReplay(Expectation rows) {
    this.rows = rows;
  }

  /// Whether an entry says anything of a row that entries of other logs may speak of too, so that
  /// its place among them matters. A log's own keys it alone tells of.
  static boolean isShared(RecordedEntry entry) {
    var speaks = new AtomicBoolean();
    new StateReplay(
            new Expectation((kind, _) -> {
              if (!kind.equals("ledger-key")) {
                speaks.set(true);
              }
              return false;
            }))
        .next(entry);
    return speaks.get();
  }

  void next(RecordedEntry entry) {
    entry
        .change()
        .ifPresent(
            number -> rows.row("changes", "changes", entry).say("last", LongNode.valueOf(number)));
    switch (entry.type()) {
      case REGISTRY_CHANGED -> declared(entry);
      case DEFINITION_PINNED -> rows.row("tool", said(entry, "tool"), entry).copy("definition");
      case POLICY_ACTIVATED ->
          rows.row("registry", "registry", entry).as("version", "registry").copy("policies");
      case APPLY_REQUESTED ->
          rows.row("apply-request", said(entry, "id"), entry)
              .say("state", "requested")
              .as("requestedBy", "by")
              .copy("what", "version", "digest", "why", "changes")
              .copyTime("lapsesAt", "lapsesAt")
              .none("answeredBy")
              .at("requestedAt");
      case APPLY_SETTLED -> applied(entry);
      case POLICY_GATED -> gated(entry);
      case KEY_CREATED -> key(entry);
      case KEY_REVOKED -> keyRow(entry).copy("seq").at("revokedAt");
      case KEY_RETIRED -> keyRow(entry).delete();
      case SECRET_STORED -> secret(entry);
      case CREDENTIAL_INTENDED ->
          credential(entry, "intent")
              .copy(isCertificate(entry) ? CERTIFICATE : DATABASE_CREDENTIAL)
              .copyTime("expiresAt", "expiresAt")
              .at("intendedAt");
      case CREDENTIAL_ISSUED -> credential(entry, "active").copy("thumbprint").at("activeAt");
      case CREDENTIAL_REVOKING ->
          credential(entry, "revoking").as("reason", "reason").at("revokingAt");
      case CREDENTIAL_STUCK -> credential(entry, "stuck");
      case CREDENTIAL_ENDED -> ended(entry);
      case SECRET_OFFERED ->
          rows.row("secret-link", said(entry, "link"), entry)
              .copy("task", "resource", "profile", "secret", "of")
              .copyTime("expiresAt", "expiresAt")
              .say("opened", BooleanNode.FALSE)
              .none("openedAt")
              .at("offeredAt");
      case SECRET_REVEALED ->
          rows.row("secret-link", said(entry, "link"), entry)
              .say("opened", BooleanNode.TRUE)
              .at("openedAt");
      case STANDING_CHANGED ->
          rows.row("standing", said(entry, "kind") + "/" + said(entry, "name"), entry)
              .copy("suspended", "reason", "by", "seq")
              .as("epoch", "standingEpoch")
              .at("since");
      case RESUMPTION_REQUESTED ->
          rows.row("resumption", said(entry, "id"), entry)
              .say("state", "requested")
              .copy("kind", "name", "reason")
              .as("epoch", "standingEpoch")
              .as("requestedBy", "by")
              .copyTime("lapsesAt", "lapsesAt")
              .none("answeredBy")
              .at("requestedAt");
      case RESUMPTION_SETTLED -> resumed(entry);
      case TASK_STARTED ->
          rows.row("task", said(entry, "task"), entry)
              .copy("identity", "workflow", "intent", "scope")
              .copyTime("expiresAt", "expiresAt")
              .at("startedAt")
              .say("ended", BooleanNode.FALSE);
      case TASK_COMPLETED ->
          rows.row("task", said(entry, "task"), entry)
              .say("ended", BooleanNode.TRUE)
              .as("endedBy", "by")
              .copyTime("endedAt", "endedAt");
      case OPERATOR_ISSUED -> operator(entry);
      case ACCOUNT_SET ->
          rows.row("account", said(entry, "person"), entry).copy("sealed", "by").at("at");
      case PASSKEY_ADDED ->
          rows.row("passkey", said(entry, "passkey"), entry).copy("person", "key").at("at");
      case PASSKEY_REMOVED -> rows.row("passkey", said(entry, "passkey"), entry).delete();
      case TOKEN_REVOKED -> revoked(entry);
      case APPROVAL_OPENED -> opened(entry);
      case APPROVAL_SETTLED ->
          rows.row("approval", said(entry, "approval"), entry)
              .as("state", "outcome")
              .as("settledBy", "by")
              .at("settledAt");
      case APPROVAL_AGREED ->
          rows.row("agreement", said(entry, "approval") + " " + said(entry, "by"), entry)
              .as("roles", "as")
              .none("for")
              .copy("for")
              .copy("uses", "free")
              .copyTime("until", "until")
              .at("at");
      case APPROVAL_REMINDED ->
          rows.row("approval", said(entry, "approval"), entry)
              .at(
                  entry.content().path("escalated").asBoolean(false)
                      ? "escalatedAt"
                      : "remindedAt");
      case ALLOWANCE_GIVEN ->
          rows.row("allowance", said(entry, "approval"), entry)
              .say("state", "open")
              .copy("covers", "fixed", "free", "uses")
              .copyTime("until", "until")
              .none("endedAt");
      case ALLOWANCE_ENDED ->
          rows.row("allowance", said(entry, "approval"), entry)
              .as("state", "outcome")
              .at("endedAt");
      case ENFORCEMENT_REQUESTED ->
          rows.row("enforcement", said(entry, "id"), entry)
              .say("state", "requested")
              .as("requestedBy", "by")
              .copy("seconds")
              .copyTime("lapsesAt", "lapsesAt")
              .none("answeredBy", "expiresAt")
              .at("requestedAt");
      case ENFORCEMENT_SETTLED -> settled(entry);
      case ENFORCEMENT_CHANGED -> enforced(entry);
      case FINDING_RAISED ->
          rows.row("finding", said(entry, "id"), entry)
              .copy("kind", "subject", "severity", "role")
              .say("closed", BooleanNode.FALSE)
              .none("closedBy", "closedAt")
              .at("raisedAt");
      case FINDING_CLOSED ->
          rows.row("finding", said(entry, "of"), entry)
              .say("closed", BooleanNode.TRUE)
              .as("closedBy", "by")
              .at("closedAt");
      case LEGALHOLD_PLACED ->
          rows.row("legal-hold", said(entry, "hold"), entry)
              .copy("task", "person", "workflow")
              .as("placedBy", "by")
              .at("placedAt")
              .say("lifted", BooleanNode.FALSE);
      case LEGALHOLD_LIFTED ->
          rows.row("legal-hold", said(entry, "hold"), entry)
              .say("lifted", BooleanNode.TRUE)
              .as("liftedBy", "by")
              .at("liftedAt");
      case CANARY_PLANTED ->
          rows.row("canary", said(entry, "canary"), entry)
              .copy("resource", "workflow", "owner", "planted", "sealed")
              .as("plantedBy", "by")
              .at("plantedAt")
              .say("retired", BooleanNode.FALSE);
      case CANARY_RETIRED ->
          rows.row("canary", said(entry, "canary"), entry)
              .say("retired", BooleanNode.TRUE)
              .as("retiredBy", "by")
              .at("retiredAt");
      case PROMOTION_REQUESTED ->
          rows.row("promotion", said(entry, "id"), entry)
              .say("state", "requested")
              .copy("workflow", "gate", "world")
              .as("requestedBy", "by")
              .copyTime("lapsesAt", "lapsesAt")
              .none("answeredBy")
              .at("requestedAt");
      case PROMOTION_SETTLED -> answered("promotion", entry);
      case PROOF_DECAYED ->
          rows.row("decay", said(entry, "workflow"), entry)
              .copy("items")
              .copyTime("demotesAt", "demotesAt")
              .at("noticedAt");
      case PROOF_RESTORED -> rows.row("decay", said(entry, "workflow"), entry).delete();
      case EXCEPTION_REQUESTED ->
          rows.row("exception", said(entry, "id"), entry)
              .say("state", "requested")
              .copy("finding", "seconds")
              .as("requestedBy", "by")
              .copyTime("lapsesAt", "lapsesAt")
              .none("answeredBy", "expiresAt", "endedBy")
              .at("requestedAt");
      case EXCEPTION_SETTLED -> answered("exception", entry).copyTime("expiresAt", "expiresAt");
      case EXCEPTION_ENDED ->
          rows.row("exception", said(entry, "of"), entry).as("state", "why").as("endedBy", "by");
      case CHANGE_OPENED ->
          rows.row("model-change", said(entry, "id"), entry)
              .say("state", "proposed")
              .copy("identity", "workflow", "model", "origin", "fingerprint", "declared", "before")
              .as("requestedBy", "by")
              .none("approvedBy", "expiresAt")
              .at("openedAt");
      case CHANGE_MOVED -> moved(entry);
      case CHANGE_EVALUATED ->
          rows.row("change-evaluation", said(entry, "of") + " " + said(entry, "suite"), entry)
              .copy("run", "verdict", "by")
              .as("how", "how")
              .as("plan", "plan")
              .at("at");
      case EVALUATION_PLANNED ->
          rows.row("evaluation", said(entry, "id"), entry)
              .copy("plan", "candidate", "baseline", "blind")
              .as("plannedBy", "by")
              .say("state", "planned")
              .none("verdict", "secret")
              .at("plannedAt");
      case EVALUATION_ANSWERED ->
          rows.row("evaluation-answer", said(entry, "of") + " " + said(entry, "trial"), entry)
              .copy("outcome", "harm", "answer")
              .at("at");
      case EVALUATION_LABELLED ->
          rows.row(
                  "evaluation-label",
                  said(entry, "of") + " " + said(entry, "trial") + " " + said(entry, "by"),
                  entry)
              .copy("label")
              .at("at");
      case EVALUATION_JUDGED ->
          rows.row("evaluation", said(entry, "of"), entry)
              .copy("state", "verdict", "axes")
              .as("secret", "secret");
      case PROBES_ASKED ->
          rows.row("probes", said(entry, "probes"), entry)
              .copy("days", "evidence", "failed", "asked", "approved", "candidate")
              .say("alarm", BooleanNode.FALSE)
              .at("at");
      case DRIFT_NOTICED -> drifted(entry);
      case EMERGENCY_REQUESTED -> glassAsked(entry);
      case EMERGENCY_SETTLED -> glassSettled(entry);
      case EMERGENCY_USED -> rows.row("emergency", said(entry, "of"), entry).as("used", "number");
      case EMERGENCY_ENDED -> rows.row("emergency", said(entry, "of"), entry).as("state", "why");
      case EMERGENCY_REVIEWED ->
          rows.row("emergency", said(entry, "of"), entry)
              .copy("justified")
              .as("reviewedBy", "by")
              .at("reviewedAt");
      case BOOT,
          SEAL,
          RISK_CHANGED,
          STAGE_CHANGED,
          EXERCISE_FINISHED,
          CHANGE_REVERSED,
          HEARTBEAT,
          TOKEN_ISSUED,
          SVID_ISSUED,
          EXCHANGE_REFUSED,
          SIGNAL_RECEIVED,
          SIGNAL_REFUSED,
          SESSION_STARTED,
          SESSION_ENDED,
          SIGNIN_REFUSED,
          CONSENT_GIVEN,
          CALL_DECIDED,
          CALL_REFUSED,
          MODEL_PROPOSED,
          CALL_ENDED,
          DECISION_ASKED,
          CREDENTIAL_SWEPT,
          CREDENTIAL_QUARANTINED,
          CONTROL_MEASURED,
          DRILL_FINISHED,
          CREDENTIAL_RETURNED,
          EVIDENCE_EXPORTED,
          EXPORT_REWOUND,
          EXPORT_SETASIDE,
          EVIDENCE_ERASED,
          EVIDENCE_EXPIRED,
          OWNER_SUCCEEDED,
          LOG_SEEN -> {}
    }
  }

  /// What is declared now, and the revision that stays for good.
  private void declared(RecordedEntry entry) {
    boolean retired = said(entry, "action").equals("retire");
    var digest = entry.text("after").or(() -> entry.text("before")).map(StringNode::valueOf);
    var name = said(entry, "name");
    rows.row("registry", "registry", entry).as("version", "registry");
    rows.row(said(entry, "kind"), name, entry)
        .copy("revision", "set", "by")
        .say("retired", BooleanNode.valueOf(retired))
        .maybe("spec", digest)
        .maybe("digest", digest)
        .at("at");
    rows.row("revision", said(entry, "kind") + "/" + name + "@" + number(entry, "revision"), entry)
        .as("version", "registry")
        .copy("action", "set", "by")
        .maybe("spec", digest)
        .maybe("digest", digest)
        .at("at");
  }

  /// Only what probes have noticed is a state; what an answer shows is a finding.
  private void drifted(RecordedEntry entry) {
    entry
        .text("probes")
        .ifPresent(probes -> rows.row("probes", probes, entry).say("alarm", BooleanNode.TRUE));
  }

  private Expectation.Pen credential(RecordedEntry entry, String state) {
    var kind = isCertificate(entry) ? "certificate" : "credential";
    return rows.row(kind, said(entry, "credential"), entry).say("state", state);
  }

  /// A certificate's time may come before anybody takes it away.
  private void ended(RecordedEntry entry) {
    boolean expired = isCertificate(entry) && said(entry, "reason").equals("expired");
    var row = credential(entry, expired ? "expired" : "revoked").at("endedAt");
    if (expired) {
      row.as("reason", "reason");
    }
  }

  private static boolean isCertificate(RecordedEntry entry) {
    return said(entry, "kind").equals("certificate");
  }

  private Expectation.Pen keyRow(RecordedEntry entry) {
    return rows.row(
        isAuthority(entry) ? "certificate-authority" : "signing-key", said(entry, "kid"), entry);
  }

  private static boolean isAuthority(RecordedEntry entry) {
    return said(entry, "use").equals("x509-svid");
  }

  private void gated(RecordedEntry entry) {
    var key =
        said(entry, "policies") + " " + said(entry, "compiled") + " " + said(entry, "reference");
    rows.row("policy-gate", key, entry)
        .copy("generated", "recorded", "incomparable")
        .at("passedAt");
  }

  private void key(RecordedEntry entry) {
    if (said(entry, "purpose").equals("ledger")) {
      rows.row("ledger-key", said(entry, "key"), entry).at("createdAt");
    } else if (isAuthority(entry)) {
      keyRow(entry)
          .copy("certificate", "sealed")
          .copyTime("signsFrom", "signsFrom")
          .copyTime("expiresAt", "expiresAt")
          .none("revokedAt")
          .at("createdAt");
    } else {
      // The key's id is its thumbprint, so another key under the same id does not match itself.
      rows.row("signing-key", said(entry, "kid"), entry)
          .as("thumbprint", "kid")
          .copy("sealed")
          // One from before keys were told ahead signed at once.
          .copyTime("signsFrom", entry.text("signsFrom").isPresent() ? "signsFrom" : "at")
          .none("revokedAt", "seq")
          .at("createdAt");
    }
  }

  private void secret(RecordedEntry entry) {
    var row = rows.row("secret", said(entry, "secret"), entry);
    if (entry.content().path("deleted").asBoolean(false)) {
      row.delete();
    } else {
      row.copy("rotate", "by", "sealed").at("at");
    }
  }

  /// An entry from before operator tokens were named tells of no row that could be found.
  private void operator(RecordedEntry entry) {
    entry
        .text("token")
        .ifPresent(token -> {
          rows.own(said(entry, "person"), token);
          rows.row(Expectation.OPERATOR_TOKEN, token, entry)
              .copy("person", "by")
              .none("shownAt")
              .copyTime("shownAt", "shownAt")
              .copyTime("expiresAt", "expiresAt")
              .at("at");
        });
  }

  /// Of a person, all operator tokens; else one task token, whose row goes when it would expire.
  private void revoked(RecordedEntry entry) {
    entry
        .text("person")
        .ifPresentOrElse(
            person ->
                rows.disown(person)
                    .forEach(token -> rows.row(Expectation.OPERATOR_TOKEN, token, entry).delete()),
            () ->
                rows.row("withdrawn-token", said(entry, "token"), entry)
                    .copy("seq")
                    .copyTime("expiresAt", "expiresAt")
                    .keptUntil("expiresAt"));
  }

  private void opened(RecordedEntry entry) {
    rows.row("approval", said(entry, "approval"), entry)
        .say("state", "pending")
        .copy("of", "identity", "workflow", "task", "intent", "method", "resource", "definition")
        .copy("bound", "policies", "because", "roles", "nonce")
        .copy("request", "assumptions", "terms", "under")
        .copyTime("lapsesAt", "lapsesAt")
        .none("settledBy", "settledAt", "remindedAt", "escalatedAt")
        .at("openedAt");
  }

  private void glassAsked(RecordedEntry entry) {
    rows.row("emergency", said(entry, "id"), entry)
        .say("state", "requested")
        .none("identity", "tool")
        .copy("workflow", "identity", "resource", "tool", "calls", "seconds")
        .as("requestedBy", "by")
        .say("used", LongNode.valueOf(0))
        .copyTime("lapsesAt", "lapsesAt")
        .none("answeredBy", "expiresAt", "reviewBy", "reviewedBy", "reviewedAt", "justified")
        .at("requestedAt");
  }

  /// Nobody answered where one person was enough.
  private void glassSettled(RecordedEntry entry) {
    var outcome = said(entry, "outcome");
    boolean opened = outcome.equals("agreed") || outcome.equals("alone");
    var row =
        rows.row("emergency", said(entry, "of"), entry)
            .say("state", opened ? "open" : outcome)
            .copyTime("expiresAt", "expiresAt")
            .copyTime("reviewBy", "reviewBy");
    if (outcome.equals("agreed") || outcome.equals("declined")) {
      row.as("answeredBy", "by");
    }
  }

  /// A wish that one person had and another answered.
  private Expectation.Pen answered(String kind, RecordedEntry entry) {
    var row = rows.row(kind, said(entry, "of"), entry).as("state", "outcome");
    var outcome = said(entry, "outcome");
    return outcome.equals("agreed") || outcome.equals("declined")
        ? row.as("answeredBy", "by")
        : row;
  }

  /// What a change has come to, and what was found out about it on the way.
  private void moved(RecordedEntry entry) {
    var row = rows.row("model-change", said(entry, "of"), entry).as("state", "to");
    switch (said(entry, "to")) {
      case "classified" ->
          row.copy("class", "axes", "suspends", "suites", "triggers", "assessment");
      case "approved" -> row.as("approvedBy", "by").copyTime("expiresAt", "expiresAt");
      case String _ -> {}
    }
  }

  private void resumed(RecordedEntry entry) {
    var row = rows.row("resumption", said(entry, "request"), entry).as("state", "outcome");
    if (!said(entry, "outcome").equals("lapsed")) {
      row.as("answeredBy", "by");
    }
  }

  private void applied(RecordedEntry entry) {
    var outcome = said(entry, "outcome");
    var row = rows.row("apply-request", said(entry, "request"), entry).say("state", outcome);
    if (outcome.equals("agreed") || outcome.equals("declined")) {
      row.as("answeredBy", "by");
    }
  }

  private void settled(RecordedEntry entry) {
    var row = rows.row("enforcement", said(entry, "request"), entry);
    var outcome = said(entry, "outcome");
    row.say("state", outcome.equals("agreed") ? "active" : outcome);
    if (outcome.equals("agreed") || outcome.equals("declined")) {
      row.as("answeredBy", "by");
    }
  }

  private void enforced(RecordedEntry entry) {
    var row = rows.row("enforcement", said(entry, "request"), entry);
    if (said(entry, "mode").equals("observe")) {
      row.say("state", "active").copyTime("expiresAt", "until");
    } else {
      row.as("state", "why");
    }
  }

  private static String said(RecordedEntry entry, String member) {
    return entry.text(member).orElse("");
  }

  private static long number(RecordedEntry entry, String member) {
    return Optional.of(entry.content().path(member))
        .filter(value -> value.isIntegralNumber())
        .map(value -> value.longValue())
        .orElse(0L);
  }
}
