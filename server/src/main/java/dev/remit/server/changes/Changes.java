package dev.remit.server.changes;

import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.evaluations.Verdicts;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Bindings;
import dev.remit.server.registry.Fingerprints;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.ModelTerms;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Registry;
import dev.remit.server.risk.RiskRules;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.Listening;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;

/// The story of a change up to its approval: what is declared no longer is what was approved, so a
/// change is opened and classified by what it could do ([Opening]), evaluated where that is
/// demanded ([Evaluating]), and approved by somebody else ([Approving]). What goes wrong afterwards
/// is told in [Watch], and how it is taken back in [Rollback].
///
/// Refusing calls does not wait for any of this: [Approved] holds every call against what is
/// declared at that moment.
public final class Changes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
  private static final int LIST_MAX = 200;

  private final Database database;
  private final Ledger ledger;
  private final Registry registry;
  private final ChangesConfig config;
  private final Verdicts verdicts;
  private final InstantSource clock;
  private final ChangeStore store = new ChangeStore();
  private final Moves moves = new Moves(store);
  private final Approved approved = new Approved(new Fingerprints());
  private final Evaluating evaluating;
  private final Approving approving;
  private final Opening opening;
  private final Listening listening;
  private final Map<EvaluationId, Instant> looked = new ConcurrentHashMap<>();
  private final List<Consumer<Worse>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /// Reads what is approved, and opens what nobody has opened yet. Where there is no change at all,
  /// this server has just learnt to control them: what runs then is adopted as it is.
  ///
  /// @throws DatabaseUnavailable when that cannot be done
  public Changes(
      Database database,
      Ledger ledger,
      Registry registry,
      ChangesConfig config,
      RiskRules risk,
      Verdicts verdicts,
      InstantSource clock) {
    this.database = database;
    this.ledger = ledger;
    this.registry = registry;
    this.config = config;
    this.verdicts = verdicts;
    this.clock = clock;
    this.evaluating = new Evaluating(database, verdicts, config.triggers(), store, moves);
    this.approving = new Approving(config, risk, evaluating, store, moves);
    this.opening = new Opening(ledger, registry, config, approved, approving, moves);
    boolean adopting = database.transact(store::isEmpty);
    reload();
    open(registry.current(), adopting);
    this.listening = database.listen(ChangeStore.CHANNEL, _ -> reload(), this::reload);
    registry.onChange(this::declared);
  }

  /// Whoever has declared something has done so whether or not this can be recorded now; calls are
  /// held against it all the same, and [#sweep] opens what is left.
  private void declared(Registered registered) {
    try {
      if (!closed) {
        open(registered, false);
      }
    } catch (DatabaseUnavailable e) {
      LOG.warn("changes of what is declared are opened later: {}", e.getMessage());
    }
  }

  /// What calls are held against.
  public Bindings bindings() {
    return approved;
  }

  /// The local policy that they follow.
  public ChangesConfig config() {
    return config;
  }

  /// Reads what counts now from the database.
  void reload() {
    approved.replace(database.transact(store::alive));
  }

  private static Instant micros(Instant at) {
    return at.truncatedTo(ChronoUnit.MICROS);
  }

  private void open(Registered registered, boolean adopting) {
    var now = micros(clock.instant());
    if (opening.declared(registered, adopting, now)) {
      reload();
      // What is declared now may have been evaluated before it was.
      approved.all().stream()
          .filter(change -> change.openedAt().equals(now) && !change.suites().isEmpty())
          .forEach(this::look);
    }
  }

  /// Opens a change because of something that is not declared: a notice, or what was seen. What is
  /// in use becomes suspect in the same transaction.
  ///
  /// @param kind what differs, a word such as `notice` or `model`
  /// @param value what it is now, in the other's own words; at most 500 characters count
  /// @return the change, or the one that says so already; empty where no model decides `identity`
  public Optional<ChangeId> report(
      Identity identity, Origin origin, String kind, String value, PersonName by, Instant at) {
    var opened = opening.seen(identity, origin, kind, value, by, micros(at));
    reload();
    return opened;
  }

  /// What of a proposal is a change of what decides an identity.
  ///
  /// @return an array of what each would be classified as
  public ArrayNode foresee(Registered next, Instant now) {
    return opening.foresee(next, now);
  }

  /// What answering comes to.
  public sealed interface Answered {
    record Done(Change change) implements Answered {}

    /// Evaluations are missing, or it is further than that, or over.
    record NotYet(Change change, List<Missing> missing) implements Answered {
      public NotYet {
        missing = List.copyOf(missing);
      }
    }

    /// The person has declared it.
    record OwnChange(PersonName person) implements Answered {}

    /// Something that must be on record first is not.
    record Lacking(String what, String next) implements Answered {}

    /// What was shown of it is stored otherwise than it was recorded.
    record Altered(String how) implements Answered {}
  }

  /// Approves a change by somebody else than who declared it, or declines it.
  ///
  /// @return empty if there is no such change
  public Optional<Answered> answer(
      ChangeId id, PersonName by, boolean agrees, String reason, Instant at) {
    var now = micros(at);
    var registered = registry.current();
    var shown = row(id).map(change -> evaluating.read(change, now));
    if (shown.isEmpty()) {
      return Optional.empty();
    }
    var said = new Approving.Said(by, agrees, reason);
    var answered =
        ledger.transact(recording ->
            store
                .find(recording.tx(), id)
                .map(change ->
                    approving.answered(recording, change, said, shown.get(), registered, now)));
    reload();
    return answered;
  }

  /// What becomes of a verdict that a person writes down.
  public sealed interface Written {

    record Done(Change change) implements Written {}

    /// The person has declared the change.
    record OwnChange(PersonName person) implements Written {}

    /// The change does not need that suite.
    record NotNeeded(Change change) implements Written {}

    /// An evaluation of this server has shown it, which no words replace.
    record ShownHere(Evaluation shown) implements Written {}
  }

  /// Writes down what an evaluation elsewhere has said.
  ///
  /// @return empty if there is no such change
  public Optional<Written> evaluatedElsewhere(
      ChangeId id,
      String suite,
      String run,
      Evaluation.Outcome outcome,
      PersonName by,
      Instant at) {
    var one = Evaluation.elsewhere(suite, run, outcome, by, micros(at));
    var registered = registry.current();
    var written =
        ledger.transact(recording ->
            store
                .find(recording.tx(), id)
                .map(change -> {
                  var done = evaluating.elsewhere(recording, change, one, registered);
                  if (done instanceof Written.Done) {
                    approving.look(
                        recording, change, Evaluating.Shown.NOTHING, registered, one.at());
                    recording.tx().notify(ChangeStore.CHANNEL, "");
                    return new Written.Done(store.find(recording.tx(), id).orElseThrow());
                  }
                  return done;
                }));
    reload();
    return written;
  }

  /// That something in use fails what it had passed.
  ///
  /// @param worse in ten-thousandths of the suite's cases
  record Worse(Change change, Evaluation shown, long worse) {}

  /// Has `listener` told when what is in use fails a suite that it had passed.
  void onWorse(Consumer<Worse> listener) {
    listeners.add(listener);
  }

  /// Takes note of an evaluation that was judged: whatever it is about has its verdict from then
  /// on.
  public void judged(EvaluationId id) {
    var shown = verdicts.of(id);
    var candidates = shown.stream().map(one -> one.candidate()).distinct().toList();
    var about =
        approved.all().stream()
            .filter(change -> !change.suites().isEmpty())
            .filter(change ->
                candidates.contains(change.declared())
                    || candidates.contains(Fingerprints.ofModel(change.fingerprint())))
            .toList();
    for (var change : about) {
      for (var one : look(change)) {
        long worse =
            shown.stream()
                .filter(verdict -> verdict.suite().equals(one.suite()))
                .mapToLong(verdict -> verdict.worse())
                .max()
                .orElse(1);
        listeners.forEach(listener -> listener.accept(new Worse(change, one, worse)));
      }
    }
    shown.stream().findFirst().ifPresent(one -> looked.put(id, one.at()));
  }

  private List<Evaluation> look(Change change) {
    var now = micros(clock.instant());
    var shown = evaluating.read(change, now);
    if (shown.found().isEmpty()) {
      return List.of();
    }
    var registered = registry.current();
    var worse =
        ledger.transact(recording ->
            store
                .find(recording.tx(), change.id())
                .map(found -> approving.look(recording, found, shown, registered, now))
                .orElse(List.of()));
    reload();
    return worse;
  }

  /// Stops what is in use, on one person's word.
  ///
  /// @return empty if there is no such change; the change as it is, stopped or not
  public Optional<Change> suspend(ChangeId id, PersonName by, String reason, Instant at) {
    return moved(id, State.SUSPENDED, by, reason, at);
  }

  /// Moves a change on if its state leads there.
  Optional<Change> moved(ChangeId id, State to, PersonName by, String reason, Instant at) {
    var now = micros(at);
    var done =
        ledger.transact(recording -> {
          var found = store.find(recording.tx(), id);
          found
              .filter(change -> change.state().leadsTo(to))
              .ifPresent(change -> {
                moves.to(recording, change, change.state(), to, by, reason, now);
                recording.tx().notify(ChangeStore.CHANNEL, "");
              });
          return found.flatMap(_ -> store.find(recording.tx(), id));
        });
    reload();
    return done;
  }

  /// Makes active what was watched long enough, and does what could not be done in time: opens what
  /// is declared, and takes note of what evaluations on other nodes, or before a crash, have shown.
  public void sweep(Instant now) {
    try {
      reload();
      open(registry.current(), false);
      verdicts
          .newest()
          .forEach((id, at) -> {
            if (!at.equals(looked.get(id))) {
              judged(id);
            }
          });
      for (var change : database.transact(store::alive)) {
        if (change.state() == State.CANARY
            && !now.isBefore(change.movedAt().plus(config.canary()))) {
          moved(
              change.id(), State.ACTIVE, Moves.REMIT, "nothing was seen while it was watched", now);
        }
      }
    } catch (DatabaseUnavailable e) {
      LOG.warn("changes of models could not be looked at: {}", e.getMessage());
    }
  }

  /// Returns the newest, at most 200.
  public List<Change> newest() {
    return database.transact(tx -> store.newest(tx, LIST_MAX));
  }

  /// Returns what is neither in quiet use nor over, the oldest first, at most 200: what somebody
  /// has to look at, or what is being looked at.
  public List<Change> unsettled() {
    return database.transact(tx -> store.unsettled(tx, LIST_MAX));
  }

  /// Returns what waits for somebody's approval, the oldest first, at most 200.
  public List<Change> waiting() {
    return database.transact(tx -> store.waiting(tx, LIST_MAX));
  }

  /// One change with what was found out about it.
  ///
  /// @param missing the suites that it has not passed
  public record Look(Change change, List<Evaluation> evaluations, List<Missing> missing) {
    public Look {
      evaluations = List.copyOf(evaluations);
      missing = List.copyOf(missing);
    }
  }

  public Optional<Look> find(ChangeId id) {
    return database.transact(tx ->
        store
            .find(tx, id)
            .map(change ->
                new Look(change, store.evaluations(tx, id), evaluating.missing(tx, change))));
  }

  /// Returns the change that says what `identity` may do with what decides it now.
  Optional<Change> governing(Identity identity) {
    return Approved.governing(approved.of(identity, registry.current()));
  }

  /// What decides an identity now, and what was found out about it; nothing where nobody has
  /// looked.
  public record Governing(Identity identity, Optional<Look> look) {}

  /// Returns what decides each identity of a workflow that a model decides.
  public List<Governing> governing(WorkflowName workflow) {
    return registry.current().identities().stream()
        .filter(identity -> identity.workflow().equals(workflow) && identity.model().isPresent())
        .sorted(Comparator.comparing(Identity::name))
        .map(identity ->
            new Governing(identity, governing(identity).flatMap(change -> find(change.id()))))
        .toList();
  }

  /// Returns when what decides an identity by `model` was last accepted as it is, if it was.
  Optional<Instant> acceptedAt(ModelName model) {
    return decidedBy(model).stream()
        .flatMap(identity -> governing(identity).stream())
        .filter(change -> change.state().isGood())
        .map(Change::movedAt)
        .max(Comparator.naturalOrder());
  }

  /// Returns the identities that `model` decides.
  List<Identity> decidedBy(ModelName model) {
    return registry.current().identities().stream()
        .filter(identity -> identity.model().filter(model::equals).isPresent())
        .toList();
  }

  Optional<Change> row(ChangeId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  Optional<Identity> identity(Change change) {
    return registry.current().identity(change.identity());
  }

  /// What is agreed about the model of a change now.
  ModelTerms terms(Change change) {
    return registry.current().model(change.model()).map(Model::terms).orElse(ModelTerms.NONE);
  }

  @Override
  public void close() {
    closed = true;
    listening.close();
  }
}
