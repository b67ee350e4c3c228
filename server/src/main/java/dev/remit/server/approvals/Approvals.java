package dev.remit.server.approvals;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.approvals.Approval.State;
import dev.remit.server.assumptions.Broken;
import dev.remit.server.assumptions.Present;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.store.Database;
import dev.remit.server.store.Listening;
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.ControlPart;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.Taken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// The held calls and the one way in which each is settled.
///
/// Every change of state is one transaction with its ledger entry. Waiting holds neither a
/// transaction nor a platform thread. How a call finds its approval is [Attaching], how an answer
/// is taken [Answers], what happens by itself [Overdue].
public final class Approvals implements ControlPart, AutoCloseable {
  private static final int LIST_MAX = 200;
  private static final int BEFORE_MAX = 5;

  private final Database database;
  private final Ledger ledger;
  private final Findings findings;
  private final ApprovalsConfig config;
  private final Supplier<Present> present;
  private final ApprovalStore store;
  private final OutcomeStore outcomes;
  private final AllowanceStore allowances = new AllowanceStore();
  private final CrowdStore crowds = new CrowdStore();
  private final Moves moves;
  private final Attaching attaching;
  private final Answers answers;
  private final TakingBack takingBack;
  private final Overdue overdue;
  private final Waiting waiting = new Waiting();
  private final Listening listening;
  private volatile Notices notices = new Notices() {};

  /// @param present how things are now; reads memory only
  /// @param separation who may not answer
  /// @param part who has which part in a held call
  public Approvals(
      Database database,
      Ledger ledger,
      Findings findings,
      ApprovalsConfig config,
      Supplier<Present> present,
      Separation separation,
      Part part) {
    this.database = database;
    this.ledger = ledger;
    this.findings = findings;
    this.config = config;
    this.present = present;
    var agreements = new AgreementStore(ledger.keys());
    this.store = new ApprovalStore(ledger.keys(), agreements);
    this.outcomes = new OutcomeStore(ledger.keys());
    this.moves = new Moves(store, agreements, allowances);
    this.attaching = new Attaching(store, allowances, crowds, moves, config.crowding());
    this.answers = new Answers(store, moves, separation, part, config.forTask());
    this.takingBack = new TakingBack(allowances, moves);
    this.overdue = new Overdue(store, allowances, moves, config.reminding());
    this.listening = database.listen(ApprovalStore.CHANNEL, waiting::wake, waiting::wakeAll);
  }

  /// Tells `listener` from now on, and nobody else.
  public void onNews(Notices listener) {
    this.notices = listener;
  }

  /// How things are now, for whoever makes assumptions.
  public Present present() {
    return present.get();
  }

  /// Finds the approval that covers exactly this call: the one that is alive, else the one whose
  /// outcome is still kept, else a use of one that was given for the task, else a new one. One that
  /// is alive but rests on what is no longer so is void from now on.
  public Attached attach(Asking asking, Instant now) {
    return transact(
        now, (recording, news) -> attaching.attach(recording, news, asking, present.get(), now));
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
  /// @return false if it was not granted, or was used, or its time is up, or it rests on what is no
  ///   longer so, for which it is void then
  public boolean consume(Approval approval, DecisionId decision, Instant now) {
    if (!now.isBefore(approval.lapsesAt())) {
      return false;
    }
    return transact(
        now,
        (recording, news) -> {
          var current = store.find(recording.tx(), approval.id());
          var broken = current.flatMap(it -> it.brokenIn(present.get()));
          if (current.isPresent() && broken.isPresent()) {
            voided(recording, news, current.get(), broken.get(), now);
            return false;
          }
          if (!moves.move(
              recording,
              news,
              approval,
              State.GRANTED,
              State.CONSUMED,
              Moves.NOBODY,
              "the call",
              now)) {
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
  public void voided(Approval approval, Broken broken, Instant now) {
    boolean _ = transact(now, (recording, news) -> voided(recording, news, approval, broken, now));
  }

  private boolean voided(
      Recording recording, News news, Approval approval, Broken broken, Instant now) {
    if (approval.state() == State.GRANTED) {
      moves.breakOff(recording, news, approval, broken, now);
    }
    return true;
  }

  /// Takes back what somebody agreed to and no call has used up: what is left of an approval that
  /// was given for a task, and the held call's own use of it.
  ///
  /// @param shown the roles that the person has shown to hold
  /// @return what it comes to; empty if there is no such approval
  public Optional<TakenBack> takeBack(
      ApprovalId id, PersonName person, Set<Role> shown, String reason, Instant now) {
    return transact(
        now,
        (recording, news) ->
            store
                .find(recording.tx(), id)
                .map(approval ->
                    takingBack.takeBack(recording, news, approval, person, shown, reason, now)));
  }

  /// Settles `id` by a person's answer, or counts it where more people have to agree.
  ///
  /// @param shown the roles that the person has shown to hold
  /// @return what it comes to; empty if there is no such approval
  public Optional<Settlement> answer(
      ApprovalId id, PersonName person, Set<Role> shown, Answering said, Instant now) {
    return transact(
        now,
        (recording, news) ->
            store
                .find(recording.tx(), id)
                .map(approval ->
                    answers.answer(
                        recording, news, approval, person, shown, said, present.get(), now)));
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
    int _ =
        transact(
            now,
            (recording, news) -> {
              var alive = store.under(recording.tx(), under, value);
              alive.forEach(
                  old -> moves.move(recording, news, old, State.VOID, Moves.NOBODY, why, now));
              for (var allowance : allowances.under(recording.tx(), under, value)) {
                var given = store.find(recording.tx(), allowance.approval()).orElseThrow();
                moves.end(recording, given, Allowance.State.VOID, why, now);
              }
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

  /// Settles what nobody answered in time, tells people again of what waits for long, and erases
  /// outcomes whose time is up.
  ///
  /// @return how many were settled
  public int lapse(Instant now) {
    database.run(tx -> outcomes.erase(tx, now));
    int settled = 0;
    int more;
    do {
      more = transact(now, (recording, news) -> overdue.settle(recording, news, now));
      settled += more;
    } while (more >= Overdue.AT_ONCE_MAX);
    int _ = transact(now, (recording, news) -> overdue.remind(recording, news, now));
    return settled;
  }

  public Optional<Approval> find(ApprovalId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  /// What was agreed to with `id` for the rest of its task, if it was.
  public Optional<Allowance> allowance(ApprovalId id) {
    return database.transact(tx -> allowances.find(tx, id));
  }

  /// Returns what became of the last few that asked for the same thing for the same identity.
  public List<Approval> before(Approval approval) {
    return database.transact(tx -> store.before(tx, approval, BEFORE_MAX));
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

  /// Returns what agreeing to it would come to now, for a person who holds these roles; changes
  /// nothing.
  public Settlement would(Approval approval, PersonName person, Set<Role> holds, Instant now) {
    return answers.would(approval, person, holds, present.get(), now);
  }

  /// Returns what waits, like with like, at most 200 groups.
  public List<Group> groups() {
    return database.transact(tx -> crowds.groups(tx, LIST_MAX));
  }

  /// Commits what `work` does, and tells of it afterwards.
  private <T> T transact(Instant now, BiFunction<Recording, News, T> work) {
    record Done<V>(V value, News news) {}
    var done =
        ledger.transact(recording -> {
          var news = new News();
          return new Done<>(work.apply(recording, news), news);
        });
    done.news().tell(notices);
    done.news().seen().forEach(sighting -> findings.raise(sighting, now));
    return done.value();
  }

  /// How many calls of this node are waiting for an answer or an outcome.
  int waiting() {
    return waiting.count();
  }

  private Approval known(ApprovalId id) {
    return find(id).orElseThrow(() -> new IllegalStateException(id + " is not stored"));
  }

  @Override
  public void close() {
    listening.close();
    waiting.wakeAll();
  }
}
