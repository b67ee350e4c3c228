package dev.remit.server.approvals;

import dev.remit.server.approvals.Approval.State;
import dev.remit.server.ledger.Recording;
import java.time.Instant;

/// What happens to held calls by themselves: nobody answers, so people are told again, then the
/// workflow's escalation contact, and in the end it counts as a no.
final class Overdue {
  static final int AT_ONCE_MAX = 100;

  private final ApprovalStore store;
  private final AllowanceStore allowances;
  private final Moves moves;
  private final ApprovalsConfig.Reminding reminding;

  Overdue(
      ApprovalStore store,
      AllowanceStore allowances,
      Moves moves,
      ApprovalsConfig.Reminding reminding) {
    this.store = store;
    this.allowances = allowances;
    this.moves = moves;
    this.reminding = reminding;
  }

  /// Lapses what nobody has answered in time, some at once.
  ///
  /// @return how many were settled; as many as at once, and there may be more
  int settle(Recording recording, News news, Instant now) {
    var late = store.overdue(recording.tx(), now, AT_ONCE_MAX);
    late.forEach(old ->
        moves.move(recording, news, old, State.LAPSED, Moves.NOBODY, Moves.TIME_RAN_OUT, now));
    for (var allowance : allowances.overdue(recording.tx(), now, AT_ONCE_MAX)) {
      var given = store.find(recording.tx(), allowance.approval()).orElseThrow();
      moves.end(recording, given, Allowance.State.LAPSED, Moves.TIME_RAN_OUT, now);
    }
    return late.size();
  }

  /// Tells of those that wait for long, some at once; the others have their turn at the next sweep.
  int remind(Recording recording, News news, Instant now) {
    return remind(recording, news, true, reminding.escalateAfterPercent(), now)
        + remind(recording, news, false, reminding.remindAfterPercent(), now);
  }

  private int remind(Recording recording, News news, boolean escalated, int percent, Instant now) {
    var mark = escalated ? "escalated_at" : "reminded_at";
    var waiting = store.waitingFor(recording.tx(), mark, percent, now, AT_ONCE_MAX);
    waiting.forEach(approval -> moves.remind(recording, news, approval, escalated, now));
    return waiting.size();
  }
}
