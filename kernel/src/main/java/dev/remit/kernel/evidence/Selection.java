package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.RecordedEntry;
import java.util.HashSet;
import java.util.Set;

/// Says of each entry of a log, in order, whether it belongs to a scope.
///
/// Who makes a bundle and who verifies one ask the same rules, so a bundle holds nothing that its
/// scope does not explain. Only an entry's own members count, and what earlier ones have named.
public final class Selection {
  private final Scope scope;
  private final Set<String> tasks = new HashSet<>();
  private final Set<String> decisions = new HashSet<>();

  public Selection(Scope scope) {
    this.scope = scope;
  }

  /// Whether `entry` belongs; to be asked of every entry once, oldest first.
  public boolean takes(RecordedEntry entry) {
    return switch (entry.type()) {
      // What was declared explains what was allowed, however long before the period it was.
      case REGISTRY_CHANGED -> entry.at().isBefore(scope.to()) && isRelated(entry);
      case POLICY_ACTIVATED, POLICY_GATED -> entry.at().isBefore(scope.to());
      case DEFINITION_PINNED ->
          entry.at().isBefore(scope.to())
              && scope.related().contains("tool/" + entry.text("tool").orElse(""));
      case STANDING_CHANGED, RESUMPTION_REQUESTED, RESUMPTION_SETTLED ->
          scope.holds(entry.at()) && isRelated(entry);
      case CONTROL_MEASURED -> scope.holds(entry.at()) && (isRelated(entry) || isAbout(entry));
      // When the recorder itself stopped and started is part of every story.
      case BOOT, SEAL -> scope.holds(entry.at());
      // And so is whether it enforced at all, and what looked wrong meanwhile.
      case APPLY_REQUESTED,
          APPLY_SETTLED,
          OWNER_SUCCEEDED,
          ENFORCEMENT_REQUESTED,
          ENFORCEMENT_SETTLED,
          ENFORCEMENT_CHANGED,
          FINDING_RAISED,
          FINDING_CLOSED,
          CREDENTIAL_SWEPT,
          CREDENTIAL_QUARANTINED,
          DRILL_FINISHED ->
          scope.holds(entry.at());
      case KEY_CREATED,
          KEY_REVOKED,
          KEY_RETIRED,
          SIGNAL_RECEIVED,
          SIGNAL_REFUSED,
          HEARTBEAT,
          SECRET_STORED,
          OPERATOR_ISSUED,
          ACCOUNT_SET,
          SESSION_STARTED,
          SESSION_ENDED,
          SIGNIN_REFUSED,
          EVIDENCE_EXPORTED,
          EXPORT_REWOUND,
          EXPORT_SETASIDE,
          LOG_SEEN ->
          false;
      case TASK_STARTED,
          TASK_COMPLETED,
          CREDENTIAL_INTENDED,
          CREDENTIAL_ISSUED,
          CREDENTIAL_REVOKING,
          CREDENTIAL_STUCK,
          CREDENTIAL_ENDED,
          CREDENTIAL_RETURNED,
          SECRET_OFFERED,
          SECRET_REVEALED,
          TOKEN_ISSUED,
          TOKEN_REVOKED,
          SVID_ISSUED,
          EXCHANGE_REFUSED,
          CONSENT_GIVEN,
          CALL_DECIDED,
          CALL_REFUSED,
          MODEL_PROPOSED,
          CALL_ENDED,
          DECISION_ASKED,
          APPROVAL_OPENED,
          APPROVAL_SETTLED,
          APPROVAL_AGREED,
          APPROVAL_REMINDED,
          ALLOWANCE_GIVEN,
          ALLOWANCE_ENDED,
          EVIDENCE_ERASED,
          EVIDENCE_EXPIRED,
          LEGALHOLD_PLACED,
          LEGALHOLD_LIFTED,
          CANARY_PLANTED,
          CANARY_RETIRED,
          RISK_CHANGED,
          PROMOTION_REQUESTED,
          PROMOTION_SETTLED,
          STAGE_CHANGED,
          PROOF_DECAYED,
          PROOF_RESTORED,
          EXERCISE_FINISHED,
          EXCEPTION_REQUESTED,
          EXCEPTION_SETTLED,
          EXCEPTION_ENDED ->
          scope.holds(entry.at()) && isAbout(entry);
    };
  }

  private boolean isRelated(RecordedEntry entry) {
    return scope
        .related()
        .contains(entry.text("kind").orElse("") + "/" + entry.text("name").orElse(""));
  }

  private boolean isAbout(RecordedEntry entry) {
    if (!names(entry) && !continues(entry)) {
      return false;
    }
    entry.text("task").ifPresent(tasks::add);
    entry.id().ifPresent(decisions::add);
    return true;
  }

  private boolean names(RecordedEntry entry) {
    var member =
        switch (scope.kind()) {
          case WORKFLOW -> "workflow";
          case IDENTITY -> "identity";
          case TASK -> "task";
        };
    return entry.text(member).filter(scope.subject()::equals).isPresent();
  }

  /// An outcome names its decision, and some entries only their task.
  private boolean continues(RecordedEntry entry) {
    return entry.of().filter(decisions::contains).isPresent()
        || entry.text("task").filter(tasks::contains).isPresent();
  }
}
