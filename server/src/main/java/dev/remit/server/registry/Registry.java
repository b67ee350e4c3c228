package dev.remit.server.registry;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.ManifestReader.Reading;
import dev.remit.server.registry.PolicyCheck.Verdict;
import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.registry.shape.Place;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.Listening;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// What is declared now, and how that changes.
///
/// A change is worked out and held to the rules against the snapshot, outside any transaction, then
/// made in one: rows, revisions, ledger entries, and the move of the version from the one that was
/// planned against. If somebody else moved it first, nothing is written. The snapshot follows once
/// the change is durable, here and, by a notice, on every other node.
public final class Registry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
  private static final int ATTEMPTS_MAX = 5;

  private final Database database;
  private final Recorder recorder;
  private final RegistryConfig config;
  private final RegistryRules rules;
  private final RegistryStore store = new RegistryStore();
  private final List<Consumer<Registered>> listeners = new CopyOnWriteArrayList<>();
  private final ApplyRequests requests;
  private final Listening listening;
  private volatile State state;
  private volatile boolean closed;

  /// How a change and its entries become durable together; [Ledger#transact].
  @FunctionalInterface
  interface Recorder {
    <T> T transact(Function<Recording, T> work);
  }

  Registry(Database database, Recorder recorder, RegistryConfig config, RegistryRules rules) {
    this.database = database;
    this.recorder = recorder;
    this.config = config;
    this.rules = rules;
    this.requests = new ApplyRequests(this, database, recorder);
    this.state = State.empty();
    this.listening = database.listen(RegistryStore.CHANNEL, this::hear, this::catchUp);
  }

  /// Reads what is declared, and declares person `admin` when nobody is.
  ///
  /// @throws DatabaseUnavailable when that cannot be done
  public static Registry open(
      Database database,
      Ledger ledger,
      RegistryConfig config,
      PolicyCheck policies,
      SecretCheck secrets,
      Instant now) {
    return open(database, ledger, config, policies, secrets, RiskCheck.NONE, now);
  }

  /// The same, weighing the risk of what is declared.
  public static Registry open(
      Database database,
      Ledger ledger,
      RegistryConfig config,
      PolicyCheck policies,
      SecretCheck secrets,
      RiskCheck risks,
      Instant now) {
    var rules = new RegistryRules(config, secrets, policies, risks);
    return open(database, ledger::transact, config, rules, now);
  }

  static Registry open(
      Database database,
      Recorder recorder,
      RegistryConfig config,
      RegistryRules rules,
      Instant now) {
    var registry = new Registry(database, recorder, config, rules);
    try {
      registry.refresh();
      if (registry.current().people().isEmpty()) {
        registry.introduceAdministrator(now);
      }
      return registry;
    } catch (RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /// Returns the snapshot of the last change that this node has seen.
  public Registered current() {
    return state.registered();
  }

  /// Hands `listener` the current snapshot at once and every later one, in order and one at a time.
  public synchronized void onChange(Consumer<Registered> listener) {
    listeners.add(listener);
    listener.accept(current());
  }

  /// Works out what applying `wish` would do. Changes nothing.
  public Planned plan(Wish wish, Author author, Instant now) {
    return considered(wish, author, now).planned();
  }

  /// Makes it so, all of it or nothing.
  ///
  /// @throws DatabaseUnavailable when it could not be made durable; whether it is so all the same
  ///   is then unknown, and planning again tells
  public Applied apply(Wish wish, Author author, Instant now) {
    return applied(wish, author, now, true);
  }

  /// The same by one person alone, for an exercise, which puts back at once what it has changed.
  ///
  /// @throws DatabaseUnavailable as [#apply]
  public Applied exercise(Wish wish, Author author, Instant now) {
    return applied(wish, author, now, false);
  }

  private Applied applied(Wish wish, Author author, Instant now, boolean asks) {
    for (int attempt = 1; ; attempt++) {
      var considered = considered(wish, author, now);
      long version = considered.planned().version();
      long against = wish.plannedAgainst().orElse(version);
      var answer =
          against == version
              ? carriedOut(considered, new ApplyJson.What.Apply(wish), asks)
              : new Applied.Stale(against, database.transact(store::version));
      if (!(answer instanceof Applied.Stale) || attempt == ATTEMPTS_MAX || against < version) {
        return answer;
      }
      refresh();
    }
  }

  /// Retires one declared thing, unless another names it. Its row and its history stay.
  ///
  /// @throws DatabaseUnavailable as [#apply]
  public Applied retire(Ref ref, Author author, Instant now) {
    for (int attempt = 1; ; attempt++) {
      var current = state;
      if (!current.active().containsKey(ref)) {
        return new Applied.Unknown(ref);
      }
      var answer =
          carriedOut(
              checked(Proposal.retiring(current, ref, author, now)),
              new ApplyJson.What.Retire(ref),
              true);
      if (!(answer instanceof Applied.Stale) || attempt == ATTEMPTS_MAX) {
        return answer;
      }
      refresh();
    }
  }

  /// Moves a workflow to another stage; who does so has asked the gate.
  ///
  /// @param pilotExpires there exactly when `stage` is a pilot
  /// @param also what else is to be so with it, in the same transaction; when that says no, nothing
  ///   is changed and the answer is [Applied.Stale]
  /// @throws DatabaseUnavailable as [#apply]
  public Applied restage(
      WorkflowName workflow,
      Stage stage,
      Optional<Instant> pilotExpires,
      Author author,
      Instant now,
      Predicate<Recording> also) {
    var ref = new Ref(Kind.WORKFLOW, workflow.value());
    for (int attempt = 1; ; attempt++) {
      var current = state;
      var stored = current.active().get(ref);
      if (stored == null) {
        return new Applied.Unknown(ref);
      }
      var spec = stored.spec().deepCopy().put("stage", stage.word());
      spec.remove("pilotExpires");
      pilotExpires.ifPresent(at -> spec.put("pilotExpires", at.toString()));
      var proposal = Proposal.restaging(current, ref, spec, author, now);
      var answer = restaged(checked(proposal), also);
      if (!(answer instanceof Applied.Stale(var planned, var stale))
          || planned == stale
          || attempt == ATTEMPTS_MAX) {
        return answer;
      }
      refresh();
    }
  }

  /// Declares things as they once were, in one apply; who does so goes by what was agreed before.
  ///
  /// @param revisions of each, the number that it had
  /// @param without what was not declared then, and is retired
  /// @param also what else is to be so with it, in the same transaction
  /// @throws DatabaseUnavailable as [#apply]
  public Applied restore(
      Map<Ref, Long> revisions,
      List<Ref> without,
      Author author,
      Instant now,
      Predicate<Recording> also) {
    Map<Ref, ObjectNode> specs = new TreeMap<>();
    for (var one : revisions.entrySet()) {
      var spec = revision(one.getKey(), one.getValue());
      if (spec.isEmpty()) {
        return new Applied.Unknown(one.getKey());
      }
      specs.put(one.getKey(), spec.get());
    }
    for (int attempt = 1; ; attempt++) {
      var current = state;
      var gone = without.stream().filter(ref -> current.active().containsKey(ref)).toList();
      var answer = restaged(checked(Proposal.restoring(current, specs, gone, author, now)), also);
      if (!(answer instanceof Applied.Stale(var planned, var stale))
          || planned == stale
          || attempt == ATTEMPTS_MAX) {
        return answer;
      }
      refresh();
    }
  }

  /// Whoever promotes has found somebody else who agrees, so nobody is asked again.
  private Applied restaged(Considered considered, Predicate<Recording> also) {
    var planned = considered.planned();
    if (considered.proposal().isEmpty() || !planned.isApplicable()) {
      return new Applied.Refused(planned);
    }
    var proposal = considered.proposal().get();
    if (!proposal.changesSomething()) {
      return new Applied.Done(planned, planned.version());
    }
    return carryOut(considered, Optional.empty(), also)
        ? new Applied.Done(planned, proposal.next().version())
        : new Applied.Stale(planned.version(), database.transact(store::version));
  }

  /// Returns what waits for a second person.
  public ApplyRequests requests() {
    return requests;
  }

  /// Returns the version that is durable now.
  long version(Tx tx) {
    return store.version(tx);
  }

  /// Reads everything again unless `version`, or a later one, is known here.
  void followTo(long version) {
    if (state.version() < version) {
      refresh();
    }
  }

  /// Returns what is declared of a kind, by name.
  public List<Stored> list(Kind kind) {
    return state.active().values().stream().filter(one -> one.ref().kind() == kind).toList();
  }

  public Optional<Stored> find(Ref ref) {
    return Optional.ofNullable(state.active().get(ref));
  }

  /// Returns what `ref` ever was, the latest first, at most 200 of it; also when it is retired.
  List<RegistryStore.Revision> history(Ref ref) {
    return database.transact(tx -> store.history(tx, ref));
  }

  /// Returns who reviewed what `identity` could be given at `at`: one for each of its grants that
  /// was in force then.
  public List<ScopeReview> reviews(IdentityName identity, Instant at) {
    return database.transact(tx -> store.reviews(tx, identity, at));
  }

  /// Returns the names of what is or was declared around `workflow`, or around one identity of it:
  /// who answers for it, what its identities were granted, on which tools, under which policies.
  public SortedSet<Ref> around(WorkflowName workflow, Optional<IdentityName> only) {
    var now = state;
    return Surroundings.of(
        Stream.concat(now.active().values().stream(), now.retired().values().stream())
            .map(Stored::declared)
            .toList(),
        workflow,
        only);
  }

  /// Returns what `ref` is declared as, or was before it was retired.
  public Optional<Declared> ever(Ref ref) {
    var now = state;
    return Optional.ofNullable(now.active().get(ref))
        .or(() -> Optional.ofNullable(now.retired().get(ref)))
        .map(Stored::declared);
  }

  /// Returns what `ref` was declared as at one revision, in full.
  public Optional<ObjectNode> revision(Ref ref, long revision) {
    return database.transact(tx -> store.revision(tx, ref, revision));
  }

  /// Returns what a model was declared as at one revision.
  public Optional<Model> model(ModelName name, long revision) {
    var ref = new Ref(Kind.MODEL, name.value());
    return revision(ref, revision)
        .filter(spec -> !spec.isEmpty())
        .map(spec -> (Model) DeclaredReader.declared(ref, spec));
  }

  /// Returns what names `ref` now.
  List<Ref> referrers(Ref ref) {
    return state.active().values().stream()
        .flatMap(stored -> LinkRules.links(stored.declared()).stream())
        .filter(link -> link.to().equals(ref))
        .map(LinkRules.Link::from)
        .distinct()
        .toList();
  }

  RegistryConfig config() {
    return config;
  }

  @Override
  public void close() {
    closed = true;
    listening.close();
  }

  /// A plan with what is needed to carry it out.
  ///
  /// @param proposal empty when the files cannot be understood
  /// @param policies digest of the policy set it would make active; empty when it does not hold
  record Considered(Planned planned, Optional<Proposal> proposal, Optional<String> policies) {}

  /// Works out what was asked for earlier. What is not declared any more cannot be retired.
  Considered considered(ApplyJson.What what, Author author, Instant now) {
    return switch (what) {
      case ApplyJson.What.Apply(var wish) -> considered(wish, author, now);
      case ApplyJson.What.Retire(var ref) -> {
        var current = state;
        yield current.active().containsKey(ref)
            ? checked(Proposal.retiring(current, ref, author, now))
            : nothing(current, List.of());
      }
    };
  }

  private static Considered nothing(State current, List<Flaw> flaws) {
    var planned =
        new Planned(
            current.version(), List.of(), flaws, List.of(), Optional.empty(), Optional.empty());
    return new Considered(planned, Optional.empty(), Optional.empty());
  }

  private Considered considered(Wish wish, Author author, Instant now) {
    var current = state;
    var reading = reading(wish);
    var flaws = new ArrayList<>(reading.flaws());
    reading.manifests().forEach(manifest -> flaws.addAll(SpecRules.check(manifest)));
    if (flaws.stream().anyMatch(Flaw::isError)) {
      flaws.sort(java.util.Comparator.comparing(Flaw::place));
      return nothing(current, flaws);
    }
    return checked(
        Proposal.of(current, reading.manifests(), wish.set(), wish.prune(), author, now));
  }

  private Reading reading(Wish wish) {
    if (wish.files().size() > config.filesMax()) {
      var place = new Place("files", 0, 0);
      var message = "there are " + wish.files().size() + " files";
      var remedy = "send at most " + config.filesMax();
      return new Reading(List.of(), List.of(Flaw.error("form", place, message, remedy)));
    }
    return ManifestReader.read(wish.files(), config.trustDomain());
  }

  private Considered checked(Proposal proposal) {
    var flaws = new Flaws(proposal);
    var shift = rules.weigh(proposal);
    rules.check(proposal, shift, flaws);
    Optional<String> policies = Optional.empty();
    if (flaws.sorted().stream().noneMatch(Flaw::isError)
        && rules.checkPolicies(proposal, flaws) instanceof Verdict.Valid(var version, _)) {
      policies = Optional.of(version.value());
    }
    var version = proposal.current().version();
    var next = Optional.of(proposal.next().registered());
    var planned =
        new Planned(
            version,
            proposal.changes(),
            flaws.sorted(),
            shift.changes(),
            next,
            FourEyes.why(proposal, config));
    return new Considered(planned, Optional.of(proposal), policies);
  }

  /// @param asks whether somebody else has to agree where that is the rule
  private Applied carriedOut(Considered considered, ApplyJson.What what, boolean asks) {
    var planned = considered.planned();
    if (considered.proposal().isEmpty() || !planned.isApplicable()) {
      return new Applied.Refused(planned);
    }
    var proposal = considered.proposal().get();
    if (!proposal.changesSomething()) {
      return new Applied.Done(planned, planned.version());
    }
    if (asks && planned.secondPerson().isPresent()) {
      return requests.ask(proposal, planned, what);
    }
    return carryOut(considered, Optional.empty())
        ? new Applied.Done(planned, proposal.next().version())
        : new Applied.Stale(planned.version(), database.transact(store::version));
  }

  /// Makes what was worked out so, unless somebody was faster.
  ///
  /// @param agreed whoever had to agree to it, and has
  boolean carryOut(Considered considered, Optional<ApplyRequests.Agreed> agreed) {
    return carryOut(considered, agreed, _ -> true);
  }

  private boolean carryOut(
      Considered considered, Optional<ApplyRequests.Agreed> agreed, Predicate<Recording> also) {
    var proposal = considered.proposal().orElseThrow();
    if (!committed(considered, agreed, also)) {
      return false;
    }
    swap(proposal.next());
    return true;
  }

  private boolean committed(
      Considered considered, Optional<ApplyRequests.Agreed> agreed, Predicate<Recording> also) {
    var proposal = considered.proposal().orElseThrow();
    var policies = considered.policies().orElse("");
    var entries = RegistryEntries.of(proposal, considered.planned().risks(), agreed);
    return recorder.transact(recording -> {
      var tx = recording.tx();
      var before = store.policies(tx);
      if (agreed.isPresent() && !requests.isOpen(recording, agreed.get().request())) {
        return false;
      }
      if (!store.isAt(tx, proposal.current().version()) || !also.test(recording)) {
        return false;
      }
      if (!store.advance(tx, proposal.current().version(), policies, proposal.now())) {
        throw new IllegalStateException("the registry moved under its own lock");
      }
      store.write(tx, proposal);
      entries.forEach(recording::append);
      if (!policies.equals(before)) {
        recording.append(RegistryEntries.activated(proposal, before, policies));
      }
      agreed.ifPresent(one -> requests.agreed(recording, one, proposal.now()));
      tx.notify(RegistryStore.CHANNEL, Long.toString(proposal.next().version()));
      return true;
    });
  }

  private void introduceAdministrator(Instant now) {
    var considered = checked(Bootstrap.proposal(state, now));
    // Alone, whoever has to agree to what: there is nobody else yet.
    var first = considered.planned();
    var done =
        !first.isApplicable()
            ? new Applied.Refused(first)
            : carryOut(considered, Optional.empty())
                ? new Applied.Done(first, first.version() + 1)
                : new Applied.Stale(first.version(), first.version() + 1);
    switch (done) {
      case Applied.Done _ -> LOG.info("person `{}` may do everything", Bootstrap.ADMIN);
      case Applied.Stale _ -> refresh(); // Another node was first.
      case Applied.Refused(var planned) ->
          throw new IllegalStateException("the first administrator is refused: " + planned.flaws());
      case Applied.Waiting(_, var request) ->
          throw new IllegalStateException("the first administrator waits: " + request);
      case Applied.Unknown(var ref) -> throw new IllegalStateException(ref + " is not new");
    }
  }

  /// Reads everything again.
  private void refresh() {
    swap(database.transact(store::load));
  }

  private void hear(String version) {
    if (Long.parseLong(version) > state.version()) {
      catchUp();
    }
  }

  /// Reads everything again until that succeeds: after a notice that was heard and not followed,
  /// this node would go on deciding by what is declared no longer.
  private void catchUp() {
    for (long pauseMs = 50; !closed; pauseMs = Math.min(2_000, pauseMs * 2)) {
      try {
        if (database.transact(store::version) > state.version()) {
          refresh();
        }
        return;
      } catch (DatabaseUnavailable e) {
        LOG.warn("cannot read what is declared, trying again: {}", e.getMessage());
        pause(pauseMs);
      }
    }
  }

  private void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
    }
  }

  /// Makes `next` current unless something as new already is.
  private synchronized void swap(State next) {
    if (next.version() > state.version()) {
      state = next;
      listeners.forEach(listener -> tell(listener, next.registered()));
    }
  }

  /// The change is durable whatever a listener makes of it, and the others must hear of it.
  private static void tell(Consumer<Registered> listener, Registered now) {
    try {
      listener.accept(now);
    } catch (RuntimeException e) {
      LOG.error("a listener could not follow version {} of the registry", now.version(), e);
    }
  }
}
