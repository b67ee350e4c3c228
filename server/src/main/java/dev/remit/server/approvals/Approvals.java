package dev.remit.server.approvals;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
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
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.ControlPart;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.Taken;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The held calls and the one way in which each is settled.
///
/// Every change of state is one transaction with its ledger entry. Waiting holds neither a
/// transaction nor a platform thread.
public final class Approvals implements ControlPart, AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int LIST_MAX = 200;
  private static final int ITEM_CHARS_MAX = 512;
  private static final String NOBODY = "remit";

  private final Database database;
  private final Ledger ledger;
  private final ApprovalsConfig config;
  private final ApprovalStore store;
  private final OutcomeStore outcomes;
  private final Waiting waiting = new Waiting();
  private final Listening listening;

  public Approvals(Database database, Ledger ledger, ApprovalsConfig config) {
    this.database = database;
    this.ledger = ledger;
    this.config = config;
    this.store = new ApprovalStore(ledger.keys());
    this.outcomes = new OutcomeStore(ledger.keys());
    this.listening = database.listen(ApprovalStore.CHANNEL, waiting::wake, waiting::wakeAll);
  }

  /// Returns the approval that covers exactly this call: the one that is alive, else the one whose
  /// outcome is still kept, else a new one.
  ///
  /// @param decision the decision that holds the call now
  /// @param shown what a person has to read before they agree
  /// @param after an executed approval after which the call is wanted once more
  public Approval attach(
      Binding binding,
      Decision.Hold hold,
      DecisionId decision,
      String shown,
      Optional<ApprovalId> after,
      Instant now) {
    var fresh = opened(binding, hold, decision, shown, now);
    return ledger.transact(recording -> {
      var current = store.current(recording.tx(), binding, now);
      if (current.isPresent() && stillCovers(current.get(), after, now)) {
        return current.get();
      }
      current
          .filter(Approval::isAlive)
          .ifPresent(old -> move(recording, old, State.LAPSED, NOBODY, "time ran out", now));
      if (store.insert(recording.tx(), fresh)) {
        recording.append(entry(EntryType.APPROVAL_OPENED, fresh, now));
        return fresh;
      }
      // Another node was faster; its approval covers this call just as well.
      return store.current(recording.tx(), binding, now).orElse(fresh);
    });
  }

  private static boolean stillCovers(Approval current, Optional<ApprovalId> after, Instant now) {
    return current.isAlive()
        ? now.isBefore(current.lapsesAt())
        : !Optional.of(current.id()).equals(after);
  }

  /// Waits until `id` is no longer pending, at most for `patience`, and returns how it stands.
  ///
  /// @throws InterruptedException if the waiting thread is told to give up
  public Approval await(ApprovalId id, Duration patience) throws InterruptedException {
    return waiting.until(
        id, patience, () -> known(id), approval -> approval.state() != State.PENDING);
  }

  /// Takes the one use that a granted approval has, for the call that is about to be made under
  /// `decision`. From here on the call is never made again under this approval, whatever happens.
  ///
  /// @return false if it was not granted, or was used, or its time is up
  public boolean consume(Approval approval, DecisionId decision, Instant now) {
    if (!now.isBefore(approval.lapsesAt())) {
      return false;
    }
    return ledger.transact(recording -> {
      if (!move(recording, approval, State.GRANTED, State.CONSUMED, NOBODY, "the call", now)) {
        return false;
      }
      var keepUntil = now.plus(config.outcomeFor());
      outcomes.begin(recording.tx(), approval.id(), decision, now, keepUntil);
      return true;
    });
  }

  /// Keeps what became of the call that `id` was used for. What is longer than is kept is noted as
  /// such.
  public void executed(ApprovalId id, Executed.What what) {
    boolean tooLarge =
        what instanceof Executed.What.Answered(var message)
            && message.length > config.outcomeBytesMax();
    var kept = tooLarge ? new Executed.What.TooLarge() : what;
    database.run(tx -> outcomes.end(tx, id, kept));
  }

  /// Waits until it is known what became of the call that `id` was used for, at most for
  /// `patience`.
  ///
  /// @return empty if it is no longer kept
  /// @throws InterruptedException if the waiting thread is told to give up
  public Optional<Executed> awaitOutcome(ApprovalId id, Duration patience, InstantSource clock)
      throws InterruptedException {
    return waiting.until(
        id,
        patience,
        () -> database.transact(tx -> outcomes.find(tx, id, clock.instant())),
        made -> made.isEmpty() || !(made.get().what() instanceof Executed.What.Unknown));
  }

  /// Voids a granted approval because something it rested on is no longer so.
  public void voided(Approval approval, String why, Instant now) {
    boolean _ =
        ledger.transact(
            recording -> move(recording, approval, State.GRANTED, State.VOID, NOBODY, why, now));
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

  /// Voids what is still alive under a suspended party, and erases what is kept of its answers.
  ///
  /// @param behind whose model or key the party is
  public void cancel(Party party, List<IdentityName> behind, Instant now) {
    var why = party + " was suspended";
    switch (party.kind()) {
      case IDENTITY -> cancel(ApprovalStore.Under.IDENTITY, party.name(), why, now);
      case WORKFLOW -> cancel(ApprovalStore.Under.WORKFLOW, party.name(), why, now);
      case PERSON -> cancel(ApprovalStore.Under.PERSON, party.name(), why, now);
      case RESOURCE -> cancel(ApprovalStore.Under.RESOURCE, party.name(), why, now);
      case MODEL, KEY ->
          behind.forEach(name -> cancel(ApprovalStore.Under.IDENTITY, name.value(), why, now));
    }
  }

  /// The same for a task that has ended.
  public void cancel(TaskId task, Instant now) {
    cancel(ApprovalStore.Under.TASK, task.value(), "the task ended", now);
  }

  private void cancel(ApprovalStore.Under under, String value, String why, Instant now) {
    ledger.transact(recording -> {
      var alive = store.under(recording.tx(), under, value);
      alive.forEach(old -> move(recording, old, State.VOID, NOBODY, why, now));
      return alive.size() + outcomes.erase(recording.tx(), under, value);
    });
  }

  @Override
  public String name() {
    return "holds";
  }

  @Override
  public Look look(Tx tx, Taken taken, Instant begun) {
    return switch (taken) {
      case Taken.OfTask(var task) ->
          store.count(tx, ApprovalStore.Under.TASK, List.of(task.value()), begun);
      case Taken.OfParty(var party, _, var behind) ->
          switch (party.kind()) {
            case IDENTITY -> count(tx, ApprovalStore.Under.IDENTITY, party, begun);
            case WORKFLOW -> count(tx, ApprovalStore.Under.WORKFLOW, party, begun);
            case PERSON -> count(tx, ApprovalStore.Under.PERSON, party, begun);
            case RESOURCE -> count(tx, ApprovalStore.Under.RESOURCE, party, begun);
            case MODEL, KEY ->
                store.count(
                    tx,
                    ApprovalStore.Under.IDENTITY,
                    behind.stream().map(IdentityName::value).toList(),
                    begun);
          };
    };
  }

  private Look count(Tx tx, ApprovalStore.Under under, Party party, Instant begun) {
    return store.count(tx, under, List.of(party.name()), begun);
  }

  /// Settles what nobody answered in time, and erases outcomes whose time is up.
  ///
  /// @return how many were settled
  public int lapse(Instant now) {
    return ledger.transact(recording -> {
      outcomes.erase(recording.tx(), now);
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

  /// Returns those that wait for an answer, oldest first, at most `max`; what the agents want to
  /// send is not opened.
  public List<Approval> waiting(int max, Instant now) {
    return database.transact(tx -> store.waiting(tx, max, now));
  }

  /// Returns what became of earlier requests of the same identity for the same thing, newest first;
  /// what it wanted to send is not opened.
  public List<Approval> before(Approval approval, int max) {
    return database.transact(tx -> store.before(tx, approval, max));
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
    if (!store.move(recording.tx(), approval, from, to, answer)) {
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
        .with("method", binding.wanted().method())
        .with("resource", binding.wanted().resource().value())
        .with("target", shortened(binding.wanted().item()))
        .withMaybe("definition", binding.wanted().definition().map(Digest::value))
        .with("bound", binding.digest())
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

  private static String shortened(String item) {
    return item.length() <= ITEM_CHARS_MAX ? item : item.substring(0, ITEM_CHARS_MAX) + "…";
  }

  @Override
  public void close() {
    listening.close();
    waiting.wakeAll();
  }
}
