package dev.remit.server.changes;

import dev.remit.kernel.change.Fingerprint;
import dev.remit.kernel.change.Part;
import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Stage;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Bindings;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.ModelTerms;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Stored;
import dev.remit.server.registry.TwoPeople;
import dev.remit.server.registry.Workflow;
import dev.remit.server.risk.AccessPath;
import dev.remit.server.risk.RiskRules;
import dev.remit.server.risk.Risks;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.Listening;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The story of a change up to its approval: what is declared no longer is what was approved, so a
/// change is opened, classified by what it could do, evaluated where that is demanded, and approved
/// by somebody else. What goes wrong afterwards is told in [Watch], and how it is taken back in
/// [Rollback].
///
/// Refusing calls does not wait for any of this: [Approved] holds every call against what is
/// declared at that moment.
public final class Changes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int LIST_MAX = 200;
  private static final int AT_ONCE = 100;

  private final Database database;
  private final Ledger ledger;
  private final Registry registry;
  private final ChangesConfig config;
  private final RiskRules risk;
  private final InstantSource clock;
  private final ChangeStore store = new ChangeStore();
  private final Moves moves = new Moves(store);
  private final Fingerprints fingerprints = new Fingerprints();
  private final Approved approved = new Approved(fingerprints);
  private final Listening listening;
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
      InstantSource clock) {
    this.database = database;
    this.ledger = ledger;
    this.registry = registry;
    this.config = config;
    this.risk = risk;
    this.clock = clock;
    boolean adopting = database.transact(store::isEmpty);
    reload();
    open(registry.current(), adopting);
    this.listening = database.listen(ChangeStore.CHANNEL, _ -> reload(), this::reload);
    registry.onChange(registered -> {
      if (!closed) {
        open(registered, false);
      }
    });
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

  /// Opens a change for each identity whose declared fingerprint nobody has looked at.
  private void open(Registered registered, boolean adopting) {
    var unknown =
        registered.identities().stream()
            .filter(identity -> identity.model().flatMap(registered::model).isPresent())
            .filter(identity ->
                approved
                    .of(identity.spiffeId(), fingerprints.digest(identity, registered))
                    .isEmpty())
            .sorted(Comparator.comparing(Identity::name))
            .toList();
    for (int from = 0; from < unknown.size(); from += AT_ONCE) {
      var some = unknown.subList(from, Math.min(unknown.size(), from + AT_ONCE));
      var now = micros(clock.instant());
      ledger.transact(recording -> {
        some.forEach(identity -> declared(recording, identity, registered, adopting, now));
        recording.tx().notify(ChangeStore.CHANNEL, "");
        return some.size();
      });
    }
    if (!unknown.isEmpty()) {
      reload();
    }
  }

  private void declared(
      Recording recording,
      Identity identity,
      Registered registered,
      boolean adopting,
      Instant now) {
    var fingerprint = Fingerprints.of(identity, registered).orElseThrow();
    var before = lastGood(identity);
    var why =
        before
            .map(was -> said(fingerprint, was.fingerprint()))
            .orElse("it is the first that decides `" + identity.name() + "`");
    var fresh =
        fresh(identity, registered, fingerprint, before, Origin.APPLY, author(identity, registered))
            .because(why)
            .at(now);
    opened(recording, fresh, identity, registered, before, adopting);
  }

  private static String said(Fingerprint now, Fingerprint before) {
    var differences = now.since(before);
    return differences.stream()
            .limit(3)
            .map(one -> one.said())
            .collect(java.util.stream.Collectors.joining("; "))
        + (differences.size() > 3 ? "; and " + (differences.size() - 3) + " more" : "");
  }

  /// Opens, classifies and carries on as far as nobody is needed.
  ///
  /// @return false if one of the same fingerprint is alive
  private boolean opened(
      Recording recording,
      Change fresh,
      Identity identity,
      Registered registered,
      Optional<Change> before,
      boolean adopting) {
    var now = fresh.openedAt();
    if (!moves.open(recording, fresh)) {
      return false;
    }
    var found = assess(identity, registered, fresh.fingerprint(), before, now);
    moves.classified(recording, fresh, found, config.triggers());
    boolean alone = adopting || !takesAPerson(fresh, found, registered);
    if (alone || found.suites().isEmpty()) {
      var reason = alone ? "nothing is demanded of it" : "its axes demand no evaluation";
      moves.to(recording, fresh, State.CLASSIFIED, State.EVALUATED, Moves.REMIT, reason, now);
    }
    if (alone) {
      var reason =
          adopting
              ? "it ran before changes were controlled"
              : found.verdict() == Verdict.ROUTINE
                  ? "no axis is touched by what is within reach"
                  : "a pilot's changes are recorded, and approved with its promotion";
      agreed(recording, fresh, Moves.REMIT, reason, registered, now);
    }
    return true;
  }

  private Assessment assess(
      Identity identity,
      Registered registered,
      Fingerprint fingerprint,
      Optional<Change> before,
      Instant now) {
    // What was within reach then is not declared any more; what was assessed then still says it.
    var reached = before.map(was -> Paths.after(was.assessment())).orElse(List.<AccessPath>of());
    return Classifying.of(
        identity,
        registered,
        fingerprint,
        before.map(Change::fingerprint),
        reached,
        config.triggers(),
        now);
  }

  private boolean takesAPerson(Change change, Assessment found, Registered registered) {
    return found.verdict() != Verdict.ROUTINE
        && (change.origin() != Origin.APPLY
            || config.approval() == ChangesConfig.Approval.ALWAYS
            || Containment.isLeft(change, found, registered)
            || registered
                .workflow(change.workflow())
                .filter(workflow -> workflow.stage() == Stage.PRODUCTION)
                .isPresent());
  }

  /// The approval itself, and what follows from it: in use, watched first where it is production.
  private void agreed(
      Recording recording,
      Change change,
      PersonName by,
      String reason,
      Registered registered,
      Instant now) {
    moves.approved(
        recording,
        change,
        by,
        reason,
        until(change, registered, now),
        config.approvalWithin(),
        now);
    boolean watched = !by.equals(Moves.REMIT) && !config.canary().isZero();
    var next = watched ? State.CANARY : State.ACTIVE;
    moves.to(recording, change, State.APPROVED, next, by, reason, now);
    // What was seen replaces what is declared alike, and nothing else.
    store.alive(recording.tx()).stream()
        .filter(older ->
            older.identity().equals(change.identity())
                && older.declared().equals(change.declared())
                && !older.id().equals(change.id())
                && older.state().isInForce())
        .forEach(older ->
            moves.to(
                recording,
                older,
                older.state(),
                State.RETIRED,
                by,
                "replaced by " + change.id(),
                now));
  }

  private Instant until(Change change, Registered registered, Instant now) {
    var weighed = Risks.of(registered, risk, now);
    var name = registered.identity(change.identity()).map(Identity::name);
    boolean beta =
        registered
            .model(change.model())
            .filter(model -> model.lifecycle() == Lifecycle.BETA)
            .isPresent();
    var riskClass = weighed.of(change.workflow()).riskClass();
    var lasts = config.lasts(name.map(one -> weighed.of(one).riskClass()).orElse(riskClass), beta);
    var at = now.plus(lasts);
    // No approval outlives what it was given for.
    var ends =
        Stream.concat(
            registered.workflow(change.workflow()).flatMap(Workflow::pilotExpires).stream(),
            registered.model(change.model()).flatMap(one -> one.terms().withdrawsAt()).stream());
    return micros(ends.filter(end -> end.isBefore(at)).min(Comparator.naturalOrder()).orElse(at));
  }

  /// Returns the newest that holds of an identity, whatever it is declared as.
  Optional<Change> lastGood(Identity identity) {
    return approved.of(identity.spiffeId()).reversed().stream()
        .filter(change -> change.state().isInForce() && change.state() != State.SUSPENDED)
        .findFirst();
  }

  private Draft fresh(
      Identity identity,
      Registered registered,
      Fingerprint fingerprint,
      Optional<Change> before,
      Origin origin,
      PersonName by) {
    return new Draft(
        identity, registered, fingerprint, before, origin, by, revisions(identity, registered));
  }

  private ObjectNode revisions(Identity identity, Registered registered) {
    var json = JSON.objectNode();
    Fingerprints.refs(identity, registered)
        .forEach(
            ref -> registry.find(ref).ifPresent(one -> json.put(ref.toString(), one.revision())));
    return json;
  }

  /// Who wrote the newest of what the fingerprint is made of.
  private PersonName author(Identity identity, Registered registered) {
    return Fingerprints.refs(identity, registered).stream()
        .flatMap(ref -> registry.find(ref).stream())
        .max(Comparator.comparing(Stored::at))
        .map(Stored::by)
        .orElse(Moves.REMIT);
  }

  /// A change about to be opened.
  private record Draft(
      Identity identity,
      Registered registered,
      Fingerprint fingerprint,
      Optional<Change> before,
      Origin origin,
      PersonName by,
      ObjectNode revisions,
      String why) {
    Draft(
        Identity identity,
        Registered registered,
        Fingerprint fingerprint,
        Optional<Change> before,
        Origin origin,
        PersonName by,
        ObjectNode revisions) {
      this(identity, registered, fingerprint, before, origin, by, revisions, "");
    }

    Draft because(String reason) {
      return new Draft(identity, registered, fingerprint, before, origin, by, revisions, reason);
    }

    Change at(Instant now) {
      return new Change(
          ChangeId.fresh(now),
          identity.spiffeId(),
          identity.workflow(),
          identity.model().orElseThrow(),
          origin,
          State.PROPOSED,
          fingerprint,
          fingerprint.declared().digest(),
          revisions,
          before.map(Change::id),
          Optional.empty(),
          java.util.Set.of(),
          java.util.Set.of(),
          List.of(),
          Optional.empty(),
          why,
          by,
          now,
          now,
          Optional.empty(),
          Optional.empty());
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
    var now = micros(at);
    var registered = registry.current();
    var declared = Fingerprints.of(identity, registered);
    if (declared.isEmpty()) {
      return Optional.empty();
    }
    var shown = value.length() <= 500 ? value : value.substring(0, 500);
    var seen = JSON.objectNode().put(kind, shown);
    var known = approved.of(identity.spiffeId(), declared.get().digest());
    var governing = Approved.governing(known);
    var fingerprint = declared.get().with(Part.OBSERVED, seen);
    var same = known.stream().filter(one -> one.fingerprint().equals(fingerprint)).findFirst();
    if (same.isPresent()) {
      return same.map(Change::id);
    }
    var why = kind + " is now `" + shown + "`";
    var fresh =
        fresh(identity, registered, fingerprint, governing, origin, by).because(why).at(now);
    ledger.transact(recording -> {
      opened(recording, fresh, identity, registered, governing, false);
      governing
          .filter(change -> change.state().isGood())
          .ifPresent(change ->
              moves.to(recording, change, change.state(), State.SUSPECT, Moves.REMIT, why, now));
      recording.tx().notify(ChangeStore.CHANNEL, "");
      return fresh.id();
    });
    reload();
    return Optional.of(fresh.id());
  }

  /// What answering comes to.
  public sealed interface Answered {
    record Done(Change change) implements Answered {}

    /// Evaluations are missing, or it is further than that, or over.
    record NotYet(Change change, List<String> missing) implements Answered {}

    /// The person has declared it.
    record OwnChange(PersonName person) implements Answered {}

    /// Something that must be on record first is not.
    record Lacking(String what, String next) implements Answered {}
  }

  /// Approves a change by somebody else than who declared it, or declines it.
  ///
  /// @return empty if there is no such change
  public Optional<Answered> answer(
      ChangeId id, PersonName by, boolean agrees, String reason, Instant at) {
    var now = micros(at);
    var registered = registry.current();
    var answered =
        ledger.transact(recording ->
            store
                .find(recording.tx(), id)
                .map(change -> answered(recording, change, by, agrees, reason, registered, now)));
    reload();
    return answered;
  }

  private Answered answered(
      Recording recording,
      Change change,
      PersonName by,
      boolean agrees,
      String reason,
      Registered registered,
      Instant now) {
    if (!TwoPeople.are(by, change.requestedBy(), registered)) {
      return new Answered.OwnChange(by);
    }
    boolean waits = change.state() == State.EVALUATED;
    if (!agrees && (waits || change.state() == State.CLASSIFIED)) {
      moves.to(recording, change, change.state(), State.SUSPENDED, by, "declined: " + reason, now);
    } else if (!waits || !agrees) {
      return new Answered.NotYet(change, missing(recording, change));
    } else {
      var lacking = Containment.lacking(change, registered, now);
      if (lacking.isPresent()) {
        return lacking.get();
      }
      agreed(recording, change, by, reason, registered, now);
    }
    recording.tx().notify(ChangeStore.CHANNEL, "");
    return new Answered.Done(store.find(recording.tx(), change.id()).orElseThrow());
  }

  private List<String> missing(Recording recording, Change change) {
    var passed =
        store.evaluations(recording.tx(), change.id()).stream()
            .filter(one -> one.outcome() == Evaluation.Outcome.PASS)
            .map(Evaluation::suite)
            .toList();
    return change.suites().stream().filter(suite -> !passed.contains(suite)).toList();
  }

  /// Writes down what an evaluation has said. When all that a change needs have passed it is
  /// evaluated, and one of the fast path is approved by that.
  ///
  /// @return empty if there is no such change
  public Optional<Change> evaluated(ChangeId id, Evaluation said) {
    var now = micros(said.at());
    var one = new Evaluation(said.suite(), said.run(), said.outcome(), said.by(), now);
    var registered = registry.current();
    var done =
        ledger.transact(recording ->
            store
                .find(recording.tx(), id)
                .map(change -> {
                  moves.evaluated(recording, change, one);
                  if (change.state() == State.CLASSIFIED && missing(recording, change).isEmpty()) {
                    complete(recording, change, registered, now);
                  }
                  recording.tx().notify(ChangeStore.CHANNEL, "");
                  return store.find(recording.tx(), id).orElseThrow();
                }));
    reload();
    return done;
  }

  private void complete(Recording recording, Change change, Registered registered, Instant now) {
    moves.to(
        recording,
        change,
        State.CLASSIFIED,
        State.EVALUATED,
        Moves.REMIT,
        "every evaluation that it needs has passed",
        now);
    if (change.kind().filter(Verdict.FAST::equals).isPresent()) {
      agreed(
          recording,
          change,
          Moves.REMIT,
          "nothing but the backend differs, and the probes answer as before",
          registered,
          now);
    }
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

  /// Makes active what was watched long enough, and opens what could not be opened in time.
  public void sweep(Instant now) {
    try {
      reload();
      open(registry.current(), false);
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

  /// What of a proposal is a change of what decides an identity.
  ///
  /// @return an array of what each would be classified as
  public tools.jackson.databind.node.ArrayNode foresee(Registered next, Instant now) {
    var json = JSON.arrayNode();
    next.identities().stream()
        .sorted(Comparator.comparing(Identity::name))
        .forEach(identity ->
            Fingerprints.of(identity, next)
                .filter(one -> approved.of(identity.spiffeId(), one.digest()).isEmpty())
                .ifPresent(one -> json.add(foreseen(identity, next, one, now))));
    return json;
  }

  private ObjectNode foreseen(Identity identity, Registered next, Fingerprint one, Instant now) {
    var before = lastGood(identity);
    var found = assess(identity, next, one, before, now);
    var json =
        JSON.objectNode()
            .put("identity", identity.name().value())
            .put("model", identity.model().map(ModelName::value).orElse(""))
            .put("fingerprint", one.digest().value());
    before.ifPresent(was -> json.put("before", was.id().value()));
    json.setAll(found.json());
    boolean production =
        next.workflow(identity.workflow())
            .filter(workflow -> workflow.stage() == Stage.PRODUCTION)
            .isPresent();
    json.put(
        "approval",
        found.verdict() != Verdict.ROUTINE
            && (production
                || config.approval() == ChangesConfig.Approval.ALWAYS
                || Containment.isLeft(identity, found, next)));
    return json;
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
  public record Look(Change change, List<Evaluation> evaluations) {
    public Look {
      evaluations = List.copyOf(evaluations);
    }
  }

  public Optional<Look> find(ChangeId id) {
    return database.transact(
        tx -> store.find(tx, id).map(change -> new Look(change, store.evaluations(tx, id))));
  }

  /// Returns the change that says what `identity` may do with what decides it now.
  Optional<Change> governing(Identity identity) {
    return approved.governing(identity, registry.current());
  }

  /// Returns the identities that `model` decides.
  List<Identity> decidedBy(ModelName model) {
    var found = new ArrayList<Identity>();
    for (var identity : registry.current().identities()) {
      if (identity.model().filter(model::equals).isPresent()) {
        found.add(identity);
      }
    }
    return found;
  }

  Optional<Change> row(ChangeId id) {
    return database.transact(tx -> store.find(tx, id));
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
