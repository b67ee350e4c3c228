package dev.remit.server.approvals;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.store.Database;
import dev.remit.server.store.Listening;
import dev.remit.server.tokens.Party;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The held calls and the one way in which each is settled.
///
/// Every change of state is one transaction with its ledger entry. Waiting holds neither a
/// transaction nor a platform thread.
public final class Approvals implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int LIST_MAX = 200;
  private static final String NOBODY = "remit";

  private final Database database;
  private final Ledger ledger;
  private final ApprovalStore store = new ApprovalStore();
  private final Waiting waiting = new Waiting();
  private final Listening listening;

  public Approvals(Database database, Ledger ledger) {
    this.database = database;
    this.ledger = ledger;
    this.listening = database.listen(ApprovalStore.CHANNEL, waiting::wake, waiting::wakeAll);
  }

  /// Returns the approval that covers exactly this call, opening one if there is none alive.
  ///
  /// @param decision the decision that holds the call now
  /// @param shown what a person has to read before they agree
  public Approval attach(
      Binding binding, Decision.Hold hold, DecisionId decision, String shown, Instant now) {
    var fresh = opened(binding, hold, decision, shown, now);
    return ledger.transact(recording -> {
      var alive = store.alive(recording.tx(), binding);
      if (alive.isPresent() && now.isBefore(alive.get().lapsesAt())) {
        return alive.get();
      }
      alive.ifPresent(old -> move(recording, old, State.LAPSED, NOBODY, "time ran out", now));
      if (store.insert(recording.tx(), fresh)) {
        recording.append(entry(EntryType.APPROVAL_OPENED, fresh, now));
        return fresh;
      }
      // Another node was faster; its approval covers this call just as well.
      return store.alive(recording.tx(), binding).orElse(fresh);
    });
  }

  /// Waits until `id` is no longer pending, at most for `patience`, and returns how it stands.
  ///
  /// @throws InterruptedException if the waiting thread is told to give up
  public Approval await(ApprovalId id, Duration patience) throws InterruptedException {
    return waiting.until(
        id, patience, () -> known(id), approval -> approval.state() != State.PENDING);
  }

  /// Takes the one use that a granted approval has.
  ///
  /// @return false if it was not granted, or was used, or its time is up
  public boolean consume(Approval approval, Instant now) {
    if (!now.isBefore(approval.lapsesAt())) {
      return false;
    }
    return ledger.transact(recording ->
        move(recording, approval, State.GRANTED, State.CONSUMED, NOBODY, "the call", now));
  }

  /// Settles `id` by a person's answer.
  ///
  /// @return what it comes to; empty if there is no such approval
  public Optional<Settlement> answer(
      ApprovalId id,
      PersonName person,
      Set<Role> holds,
      boolean agrees,
      String reason,
      Instant now) {
    return ledger.transact(recording ->
        store
            .find(recording.tx(), id)
            .map(approval -> {
              var meant = approval.settle(person, holds, agrees, now);
              return settled(recording, approval, meant, person, reason, now);
            }));
  }

  private Settlement settled(
      Recording recording,
      Approval approval,
      Settlement meant,
      PersonName person,
      String reason,
      Instant now) {
    return switch (meant) {
      case Settlement.Granted _ ->
          moveOrTell(recording, approval, State.GRANTED, person.value(), reason, now, meant);
      case Settlement.Declined _ ->
          moveOrTell(recording, approval, State.DECLINED, person.value(), reason, now, meant);
      case Settlement.Lapsed _ ->
          moveOrTell(recording, approval, State.LAPSED, NOBODY, "time ran out", now, meant);
      case Settlement.Settled _, Settlement.OwnRequest _, Settlement.NotAsked _ -> meant;
    };
  }

  private Settlement moveOrTell(
      Recording recording,
      Approval approval,
      State to,
      String by,
      String reason,
      Instant now,
      Settlement meant) {
    return move(recording, approval, to, by, reason, now)
        ? meant
        : new Settlement.Settled(
            store.find(recording.tx(), approval.id()).orElse(approval).state());
  }

  /// Voids what is still alive under a suspended party.
  public void cancel(Party party, Instant now) {
    var under =
        switch (party.kind()) {
          case IDENTITY -> ApprovalStore.Under.IDENTITY;
          case WORKFLOW -> ApprovalStore.Under.WORKFLOW;
          case PERSON -> ApprovalStore.Under.PERSON;
        };
    cancel(under, party.name(), party + " was suspended", now);
  }

  /// Voids what is still alive of a task that has ended.
  public void cancel(TaskId task, Instant now) {
    cancel(ApprovalStore.Under.TASK, task.value(), "the task ended", now);
  }

  private void cancel(ApprovalStore.Under under, String value, String why, Instant now) {
    ledger.transact(recording -> {
      var alive = store.under(recording.tx(), under, value);
      alive.forEach(old -> move(recording, old, State.VOID, NOBODY, why, now));
      return alive.size();
    });
  }

  /// Settles what nobody answered in time.
  public int lapse(Instant now) {
    return ledger.transact(recording -> {
      var overdue = store.overdue(recording.tx(), now);
      overdue.forEach(old -> move(recording, old, State.LAPSED, NOBODY, "time ran out", now));
      return overdue.size();
    });
  }

  public Optional<Approval> find(ApprovalId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  /// Returns the newest, at most 200.
  public List<Approval> list(boolean onlyPending) {
    return database.transact(tx -> store.list(tx, onlyPending, LIST_MAX));
  }

  private Approval known(ApprovalId id) {
    return find(id).orElseThrow(() -> new IllegalStateException(id + " is not stored"));
  }

  private boolean move(
      Recording recording, Approval approval, State to, String by, String reason, Instant now) {
    return move(recording, approval, approval.state(), to, by, reason, now);
  }

  private boolean move(
      Recording recording,
      Approval approval,
      State from,
      State to,
      String by,
      String reason,
      Instant now) {
    var answer = new Approval.Answer(by, reason, now);
    if (!store.move(recording.tx(), approval.id(), from, to, answer)) {
      return false;
    }
    recording.append(
        entry(EntryType.APPROVAL_SETTLED, approval, now)
            .with("outcome", to.name().toLowerCase(java.util.Locale.ROOT))
            .with("by", by));
    return true;
  }

  private static Entry entry(EntryType type, Approval approval, Instant now) {
    var binding = approval.binding();
    return Entry.of(type, now)
        .with("approval", approval.id().value())
        .with("of", approval.decision().value())
        .with("identity", binding.spiffeId().value())
        .with("workflow", binding.workflow().value())
        .with("task", binding.task().value())
        .with("intent", binding.intent())
        .with("tool", binding.tool().toString())
        .with("definition", binding.definition())
        .with("policies", binding.policies())
        .with("nonce", approval.nonce())
        .with("because", approval.because())
        .with("roles", approval.roles().stream().map(Role::word).sorted().toList())
        .with("lapsesAt", approval.lapsesAt());
  }

  private static Approval opened(
      Binding binding, Decision.Hold hold, DecisionId decision, String shown, Instant now) {
    byte[] nonce = new byte[16];
    RANDOM.nextBytes(nonce);
    return new Approval(
        ApprovalId.fresh(now),
        decision,
        binding,
        hold.because().stream().map(PolicyId::value).toList(),
        hold.roles(),
        HexFormat.of().formatHex(nonce),
        Optional.of(shown),
        now,
        now.plus(hold.patience()),
        State.PENDING,
        Optional.empty());
  }

  @Override
  public void close() {
    listening.close();
    waiting.wakeAll();
  }
}
