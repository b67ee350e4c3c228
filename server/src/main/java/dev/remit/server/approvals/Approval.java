package dev.remit.server.approvals;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One held call and what became of it.
///
/// @param decision the decision that held it
/// @param because the policies that hold it; never empty
/// @param roles all of which the person who agrees must hold; never empty
/// @param nonce tells two approvals of the same call apart
/// @param shown what the agent wants to send, for the person to read; gone once it is settled
/// @param lapsesAt first instant at which it no longer holds, answered or not
public record Approval(
    ApprovalId id,
    DecisionId decision,
    Binding binding,
    List<String> because,
    Set<Role> roles,
    String nonce,
    Optional<String> shown,
    Instant openedAt,
    Instant lapsesAt,
    State state,
    Optional<Answer> answer) {

  public Approval {
    because = List.copyOf(because);
    roles = Set.copyOf(roles);
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("an approval asks somebody");
    }
  }

  /// Whether it may still release its call, or come to.
  public boolean isAlive() {
    return state == State.PENDING || state == State.GRANTED;
  }

  /// How far it has come.
  public enum State {
    /// Nobody has answered yet.
    PENDING,

    /// Somebody agreed; the call may be made once.
    GRANTED,

    DECLINED,

    /// Time ran out.
    LAPSED,

    /// What it was for was stopped or has changed.
    VOID,

    /// The call it was given for was made.
    CONSUMED
  }

  /// What was answered.
  ///
  /// @param by the person's name, or `remit` where no person was involved
  public record Answer(String by, String reason, Instant at) {}

  /// Returns what `person` answering `agrees` at `now` means. Pure: storing it is the caller's job.
  ///
  /// Nobody approves their own request. The agent acts for the owner of its workflow, so the owner
  /// is the one who asks and somebody else has to answer, whatever roles the owner holds.
  public Settlement settle(PersonName person, Set<Role> holds, boolean agrees, Instant now) {
    if (state != State.PENDING) {
      return new Settlement.Settled(state);
    }
    if (!now.isBefore(lapsesAt)) {
      return new Settlement.Lapsed(lapsesAt);
    }
    if (person.equals(binding.asker())) {
      return new Settlement.OwnRequest(person);
    }
    if (!holds.containsAll(roles)) {
      return new Settlement.NotAsked(roles);
    }
    return agrees ? new Settlement.Granted() : new Settlement.Declined();
  }

  /// What answering comes to.
  public sealed interface Settlement {
    record Granted() implements Settlement {}

    record Declined() implements Settlement {}

    /// Too late.
    record Lapsed(Instant at) implements Settlement {}

    /// Already answered, or no longer needed.
    record Settled(State state) implements Settlement {}

    /// The person would answer their own request.
    record OwnRequest(PersonName person) implements Settlement {}

    /// The person does not hold every role that is asked for.
    record NotAsked(Set<Role> roles) implements Settlement {}
  }
}
