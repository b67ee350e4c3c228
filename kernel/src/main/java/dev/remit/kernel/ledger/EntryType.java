package dev.remit.kernel.ledger;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What an entry records: the closed vocabulary of its member `type`.
///
/// Spelled in entries as [#word()], noun and past participle: `call.decided`.
public enum EntryType {
  /// First entry of a producer's epoch; names the previous epoch's last number.
  BOOT("boot"),
  /// Last entry of an epoch that ended in an orderly way; states its total.
  SEAL("seal"),
  /// Says that the producer was alive and had nothing to record.
  HEARTBEAT("heartbeat"),
  KEY_CREATED("key.created"),
  /// A key that signs task tokens is dead before its time, and everything that it signed.
  KEY_REVOKED("key.revoked"),
  /// A key of which nothing is left was deleted.
  KEY_RETIRED("key.retired"),
  REGISTRY_CHANGED("registry.changed"),
  /// Somebody asks for a change that takes a second person.
  APPLY_REQUESTED("apply.requested"),
  /// Somebody else has agreed to that and it was done, or declined, or it came to nothing.
  APPLY_SETTLED("apply.settled"),
  /// A workflow has passed to its successor, since its owner has left.
  OWNER_SUCCEEDED("owner.succeeded"),
  POLICY_ACTIVATED("policy.activated"),
  /// A policy set was answered alike by both engines, and how much was tried.
  POLICY_GATED("policy.gated"),
  SECRET_STORED("secret.stored"),
  DEFINITION_PINNED("definition.pinned"),
  TASK_STARTED("task.started"),
  TASK_COMPLETED("task.completed"),
  /// A credential will be made: durable before anything is done for it.
  CREDENTIAL_INTENDED("credential.intended"),
  /// It was made and handed over.
  CREDENTIAL_ISSUED("credential.issued"),
  /// From now on it is being taken away; says why.
  CREDENTIAL_REVOKING("credential.revoking"),
  /// It could not be taken away in the time set for that; it is tried on.
  CREDENTIAL_STUCK("credential.stuck"),
  /// It is gone, seen to be gone, with the time each step took.
  CREDENTIAL_ENDED("credential.ended"),
  /// Something of ours was found at a resource that should not have been there.
  CREDENTIAL_SWEPT("credential.swept"),
  /// A resource is ahead of our records, or somebody has said that it may be used again.
  CREDENTIAL_QUARANTINED("credential.quarantined"),
  /// An upstream's token for one task was given back there, or could not be.
  CREDENTIAL_RETURNED("credential.returned"),
  /// A link was handed out that shows a secret once.
  SECRET_OFFERED("secret.offered"),
  /// It was used: somebody has seen the secret.
  SECRET_REVEALED("secret.revealed"),
  TOKEN_ISSUED("token.issued"),
  TOKEN_REVOKED("token.revoked"),
  /// An identity was vouched for to others.
  SVID_ISSUED("svid.issued"),
  EXCHANGE_REFUSED("exchange.refused"),
  STANDING_CHANGED("standing.changed"),
  /// Somebody asks that something suspended may act again.
  RESUMPTION_REQUESTED("resumption.requested"),
  /// Somebody else has agreed to that, or declined, or nobody has answered in time.
  RESUMPTION_SETTLED("resumption.settled"),
  /// What a suspension or the end of a task has come to: each part with its count and time.
  CONTROL_MEASURED("control.measured"),
  /// What a rehearsed suspension has come to, over all its rounds.
  DRILL_FINISHED("drill.finished"),
  /// The intent: what was decided about a call, durable before the call is forwarded.
  CALL_DECIDED("call.decided"),
  CALL_REFUSED("call.refused"),
  /// The outcome of a decided call; its member `of` is the decision's id.
  CALL_ENDED("call.ended"),
  /// A model has proposed a call of a tool, and whether the agent was shown it.
  MODEL_PROPOSED("model.proposed"),
  /// What was answered to somebody who enforces elsewhere; nothing was let through by us.
  DECISION_ASKED("decision.asked"),
  APPROVAL_OPENED("approval.opened"),
  APPROVAL_SETTLED("approval.settled"),
  /// A person has agreed to a held call; perhaps more have to.
  APPROVAL_AGREED("approval.agreed"),
  /// Nobody has answered a held call for a while, and people are told again.
  APPROVAL_REMINDED("approval.reminded"),
  /// People have agreed to further calls like a held one, for the rest of its task.
  ALLOWANCE_GIVEN("allowance.given"),
  ALLOWANCE_ENDED("allowance.ended"),
  OPERATOR_ISSUED("operator.issued"),
  /// A person of a local account has chosen a password.
  ACCOUNT_SET("account.set"),
  /// A person has signed in at a browser.
  SESSION_STARTED("session.started"),
  SESSION_ENDED("session.ended"),
  /// Somebody did not sign in; says why.
  SIGNIN_REFUSED("signin.refused"),
  /// A person has let an agent act for them, in one task.
  CONSENT_GIVEN("consent.given"),
  /// Somebody has taken an evidence bundle away.
  EVIDENCE_EXPORTED("evidence.exported"),
  /// Somebody has set an export back, or on: what it sends next.
  EXPORT_REWOUND("export.rewound"),
  /// An export has given up on entries that its destination does not take.
  EXPORT_SETASIDE("export.setaside"),
  /// Somebody has erased content: whose, and how much.
  EVIDENCE_ERASED("evidence.erased"),
  /// Content of a workflow has outlived its retention and was erased.
  EVIDENCE_EXPIRED("evidence.expired"),
  /// From now on content may not be erased.
  LEGALHOLD_PLACED("legalhold.placed"),
  LEGALHOLD_LIFTED("legalhold.lifted"),
  /// From now on a planted secret is looked for in what flows through.
  CANARY_PLANTED("canary.planted"),
  CANARY_RETIRED("canary.retired"),
  FINDING_RAISED("finding.raised"),
  /// Somebody is done with a finding; its member `of` is the finding's id.
  FINDING_CLOSED("finding.closed"),
  /// A transmitter has told that somebody must not act any more, and what was done about it.
  SIGNAL_RECEIVED("signal.received"),
  /// What a transmitter sent was not taken.
  SIGNAL_REFUSED("signal.refused"),
  /// Somebody asks that policy be observed and not enforced for a while.
  ENFORCEMENT_REQUESTED("enforcement.requested"),
  /// Somebody else has agreed to that, or declined.
  ENFORCEMENT_SETTLED("enforcement.settled"),
  /// From now on policy is enforced, or only observed.
  ENFORCEMENT_CHANGED("enforcement.changed"),
  /// A change of the registry makes a workflow riskier, or less so.
  RISK_CHANGED("risk.changed"),
  /// Somebody asks for a pilot to be promoted; says what each item of the gate has come to.
  PROMOTION_REQUESTED("promotion.requested"),
  /// Somebody else has agreed to that, or declined, or it lapsed, or the gate no longer holds.
  PROMOTION_SETTLED("promotion.settled"),
  /// From now on a workflow is of another stage.
  STAGE_CHANGED("stage.changed"),
  /// What a promoted workflow was promoted on no longer holds; it is demoted unless it is mended.
  PROOF_DECAYED("proof.decayed"),
  /// It was mended in time, or the workflow was demoted.
  PROOF_RESTORED("proof.restored"),
  /// Authority was made to grow for a moment, to see whether somebody is told.
  EXERCISE_FINISHED("exercise.finished"),
  /// Somebody asks that a finding be accepted for a while.
  EXCEPTION_REQUESTED("exception.requested"),
  /// Somebody else has agreed to that, or declined, or it lapsed.
  EXCEPTION_SETTLED("exception.settled"),
  /// From now on the finding is accepted no longer.
  EXCEPTION_ENDED("exception.ended"),
  /// The root log has looked at another log of the deployment; its member `of` is that one's
  /// origin.
  LOG_SEEN("log.seen");

  private static final Map<String, EntryType> BY_WORD =
      Arrays.stream(values()).collect(Collectors.toMap(EntryType::word, Function.identity()));

  private final String word;

  EntryType(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  /// Returns the type that is written `word`.
  ///
  /// @throws IllegalArgumentException if there is none
  public static EntryType parse(String word) {
    var type = BY_WORD.get(word);
    if (type == null) {
      throw new IllegalArgumentException("`" + word + "` is not a type of ledger entry");
    }
    return type;
  }
}
