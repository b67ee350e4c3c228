package dev.remit.server.approvals;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Quorum;
import dev.remit.kernel.policy.Terms;
import dev.remit.server.assumptions.Assumption;
import dev.remit.server.assumptions.Assumptions;
import dev.remit.server.assumptions.Broken;
import dev.remit.server.assumptions.Present;
import dev.remit.server.registry.Person;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One held call and what became of it.
///
/// @param decision the decision that held it
/// @param assumptions what agreeing to it rests on
/// @param because the policies that hold it; never empty
/// @param terms who must agree, and to how much they may
/// @param nonce tells two approvals of the same call apart
/// @param shown what the agent wants to send, for the person to read; gone once it is settled
/// @param lapsesAt first instant at which it no longer holds, answered or not
/// @param agreements of those who have agreed so far, in that order; one for each person
/// @param under the approval for a task of which this is one use; empty for one that was asked for
public record Approval(
    ApprovalId id,
    DecisionId decision,
    Binding binding,
    Assumptions assumptions,
    List<String> because,
    Terms terms,
    String nonce,
    Optional<String> shown,
    Instant openedAt,
    Instant lapsesAt,
    State state,
    List<Agreement> agreements,
    Optional<ApprovalId> under,
    Optional<Answer> answer) {

  public Approval {
    because = List.copyOf(because);
    agreements = List.copyOf(agreements);
  }

  /// Whether it may still release its call, or come to.
  public boolean isAlive() {
    return state == State.PENDING || state == State.GRANTED;
  }

  /// Every role that somebody who agrees has to hold.
  public Set<Role> roles() {
    return terms.roles();
  }

  /// What is still wanted before it is granted; empty once enough people have agreed.
  public List<Quorum> wanted() {
    var agreed = agreements.stream().map(Agreement::roles).toList();
    return terms.quorums().stream().filter(quorum -> !quorum.isMetBy(agreed)).toList();
  }

  /// Returns what of it no longer holds: an assumption, or a role of somebody who has agreed.
  public Optional<Broken> brokenIn(Present now) {
    return assumptions.brokenIn(now).or(() -> answerBrokenIn(now));
  }

  private Optional<Broken> answerBrokenIn(Present now) {
    return agreements.stream()
        .flatMap(one -> one.roles().stream().sorted().map(role -> brokenIn(one, role, now)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /// The role is whose place it was given in; who gave it has to be here still.
  private static Optional<Broken> brokenIn(Agreement one, Role role, Present now) {
    var holder = new Assumption.PersonMay(one.standsInFor().orElse(one.by()), role);
    boolean left = now.declared().person(one.by()).filter(Person::active).isEmpty();
    return one.standsInFor().isPresent() && left
        ? Optional.of(
            new Broken(new Assumption.PersonMay(one.by(), role), one.by() + " is no longer here"))
        : holder.brokenIn(now);
  }

  /// The same, agreed to by one more person.
  Approval and(Agreement agreement) {
    return new Approval(
        id,
        decision,
        binding,
        assumptions,
        because,
        terms,
        nonce,
        shown,
        openedAt,
        lapsesAt,
        state,
        Stream.concat(agreements.stream(), Stream.of(agreement)).toList(),
        under,
        answer);
  }

  /// What all who have agreed allow for the rest of the task: the least of it. Empty if one of them
  /// agreed to this one call only.
  Optional<ForTask> forTask() {
    return agreements.stream().allMatch(one -> one.forTask().isPresent())
        ? agreements.stream().flatMap(one -> one.forTask().stream()).reduce(ForTask::and)
        : Optional.empty();
  }

  /// How far it has come.
  public enum State {
    /// Not enough people have answered yet.
    PENDING,

    /// All who have to have agreed; the call may be made once.
    GRANTED,

    DECLINED,

    /// Time ran out.
    LAPSED,

    /// What it was for was stopped or has changed.
    VOID,

    /// The call it was given for was made.
    CONSUMED
  }

  /// What settled it.
  ///
  /// @param by the person's name, or `remit` where no person was involved
  public record Answer(String by, String reason, Instant at) {}

  /// Returns what `person` answering `agrees` at `now` means. Pure: storing it is the caller's job.
  ///
  /// Nobody approves their own request. The agent acts for the owner of its workflow, so the owner
  /// is the one who asks and somebody else has to answer, whatever roles the owner holds.
  ///
  /// @param conflict what else `person` has to do with it, for which they may not answer
  public Settlement settle(
      PersonName person, Set<Role> holds, Optional<Duty> conflict, boolean agrees, Instant now) {
    if (state != State.PENDING) {
      return new Settlement.Settled(state);
    }
    if (!now.isBefore(lapsesAt)) {
      return new Settlement.Lapsed(lapsesAt);
    }
    if (person.equals(binding.asker())) {
      return new Settlement.OwnRequest(person);
    }
    var as = holds.stream().filter(roles()::contains).collect(Collectors.toUnmodifiableSet());
    if (as.isEmpty()) {
      return new Settlement.NotAsked(roles());
    }
    if (conflict.isPresent()) {
      return new Settlement.Apart(person, conflict.get());
    }
    if (!agrees) {
      return new Settlement.Declined();
    }
    if (agreements.stream().anyMatch(one -> one.by().equals(person))) {
      return new Settlement.AgreedAlready(person);
    }
    return terms.areMetBy(
            Stream.concat(agreements.stream().map(Agreement::roles), Stream.of(as)).toList())
        ? new Settlement.Granted(as)
        : new Settlement.Counted(as);
  }

  /// What answering comes to.
  public sealed interface Settlement {
    /// That was the last agreement that was wanted.
    ///
    /// @param as the roles for which it counts
    record Granted(Set<Role> as) implements Settlement {}

    /// It counts, and somebody else has to agree as well.
    record Counted(Set<Role> as) implements Settlement {}

    /// One who says no is enough.
    record Declined() implements Settlement {}

    /// Too late.
    record Lapsed(Instant at) implements Settlement {}

    /// Already answered, or no longer needed.
    record Settled(State state) implements Settlement {}

    /// What it rests on is no longer so; it is void.
    record Voided(Broken broken) implements Settlement {}

    /// The person would answer their own request.
    record OwnRequest(PersonName person) implements Settlement {}

    /// The person holds none of the roles that are asked for.
    record NotAsked(Set<Role> roles) implements Settlement {}

    /// The person has another part in it, which is to be apart from approving.
    record Apart(PersonName person, Duty duty) implements Settlement {}

    /// The person has agreed before; somebody else has to.
    record AgreedAlready(PersonName person) implements Settlement {}

    /// Policy, or a limit, does not let it be agreed to for a task like that.
    record NotForTask(String why, String next) implements Settlement {}
  }
}
