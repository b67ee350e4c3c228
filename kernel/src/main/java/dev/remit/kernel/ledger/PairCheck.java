package dev.remit.kernel.ledger;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Pairs decisions with outcomes: each `call.ended` belongs to one earlier `call.decided`, and ends
/// it once. A call that was [sent on][RecordedEntry#isSentOn] and has no outcome is open: not
/// damage, since a crash leaves one, but told.
final class PairCheck {
  private final Set<String> decided = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Set<String> open = new LinkedHashSet<>();
  private final List<Damage> damages;
  private boolean resumed;

  PairCheck(List<Damage> damages) {
    this.damages = damages;
  }

  long pairs() {
    return ended.size();
  }

  Set<String> open() {
    return open;
  }

  /// Entries before the next one could not be read: they may hold decisions.
  void resume() {
    resumed = true;
  }

  void next(RecordedEntry entry) {
    switch (entry.type()) {
      case CALL_DECIDED -> entry.id().ifPresent(id -> decide(entry, id));
      case CALL_ENDED -> entry.of().ifPresent(of -> end(entry, of));
      case BOOT,
          SEAL,
          HEARTBEAT,
          KEY_CREATED,
          SIGNAL_RECEIVED,
          SIGNAL_REFUSED,
          KEY_REVOKED,
          KEY_RETIRED,
          REGISTRY_CHANGED,
          APPLY_REQUESTED,
          APPLY_SETTLED,
          OWNER_SUCCEEDED,
          POLICY_ACTIVATED,
          SECRET_STORED,
          DEFINITION_PINNED,
          TASK_STARTED,
          TASK_COMPLETED,
          CREDENTIAL_INTENDED,
          CREDENTIAL_ISSUED,
          CREDENTIAL_REVOKING,
          CREDENTIAL_STUCK,
          CREDENTIAL_ENDED,
          CREDENTIAL_SWEPT,
          CREDENTIAL_QUARANTINED,
          CREDENTIAL_RETURNED,
          SECRET_OFFERED,
          SECRET_REVEALED,
          TOKEN_ISSUED,
          TOKEN_REVOKED,
          SVID_ISSUED,
          EXCHANGE_REFUSED,
          STANDING_CHANGED,
          RESUMPTION_REQUESTED,
          RESUMPTION_SETTLED,
          CONTROL_MEASURED,
          DRILL_FINISHED,
          CALL_REFUSED,
          MODEL_PROPOSED,
          APPROVAL_OPENED,
          APPROVAL_SETTLED,
          APPROVAL_AGREED,
          APPROVAL_REMINDED,
          ALLOWANCE_GIVEN,
          ALLOWANCE_ENDED,
          OPERATOR_ISSUED,
          ACCOUNT_SET,
          SESSION_STARTED,
          SESSION_ENDED,
          SIGNIN_REFUSED,
          CONSENT_GIVEN,
          POLICY_GATED,
          EVIDENCE_EXPORTED,
          EXPORT_REWOUND,
          EXPORT_SETASIDE,
          DECISION_ASKED,
          FINDING_RAISED,
          EVIDENCE_ERASED,
          EVIDENCE_EXPIRED,
          LEGALHOLD_PLACED,
          LEGALHOLD_LIFTED,
          CANARY_PLANTED,
          CANARY_RETIRED,
          FINDING_CLOSED,
          ENFORCEMENT_REQUESTED,
          ENFORCEMENT_SETTLED,
          ENFORCEMENT_CHANGED,
          RISK_CHANGED,
          PROMOTION_REQUESTED,
          PROMOTION_SETTLED,
          STAGE_CHANGED,
          PROOF_DECAYED,
          PROOF_RESTORED,
          EXERCISE_FINISHED,
          EXCEPTION_REQUESTED,
          EXCEPTION_SETTLED,
          EXCEPTION_ENDED,
          LOG_SEEN -> {}
    }
  }

  private void decide(RecordedEntry entry, String id) {
    if (!decided.add(id)) {
      damages.add(Damage.at(entry.index(), "`" + id + "` was decided before"));
    }
    if (entry.isSentOn()) {
      open.add(id);
    }
  }

  private void end(RecordedEntry entry, String of) {
    if (!decided.contains(of) && !resumed) {
      damages.add(Damage.at(entry.index(), "it is the outcome of `" + of + "`, never decided"));
    } else if (!ended.add(of)) {
      damages.add(Damage.at(entry.index(), "it is a second outcome of `" + of + "`"));
    }
    open.remove(of);
  }
}
