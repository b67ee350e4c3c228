package dev.remit.server.approvals;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.ledger.Recording;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/// How what was agreed to is taken back. One person is enough: less may happen afterwards.
final class TakingBack {
  private static final Set<Role> ANY = EnumSet.of(Role.SECURITY, Role.ADMIN);

  private final AllowanceStore allowances;
  private final Moves moves;

  TakingBack(AllowanceStore allowances, Moves moves) {
    this.allowances = allowances;
    this.moves = moves;
  }

  TakenBack takeBack(
      Recording recording,
      News news,
      Approval approval,
      PersonName person,
      Set<Role> shown,
      String reason,
      Instant now) {
    if (!isTheirs(approval, person, shown)) {
      return new TakenBack.NotTheirs(person);
    }
    boolean call =
        approval.state() == State.GRANTED
            && moves.move(recording, news, approval, State.VOID, person.value(), reason, now);
    boolean rest =
        allowances.find(recording.tx(), approval.id()).isPresent()
            && moves.takeBack(recording, approval, person, reason, now);
    return call || rest ? new TakenBack.Done() : new TakenBack.NothingLeft();
  }

  /// Whoever agreed may think better of it; who answers for the workflow may want less.
  private static boolean isTheirs(Approval approval, PersonName person, Set<Role> shown) {
    return shown.stream().anyMatch(ANY::contains)
        || person.equals(approval.binding().asker())
        || approval.agreements().stream().anyMatch(one -> one.by().equals(person));
  }
}
