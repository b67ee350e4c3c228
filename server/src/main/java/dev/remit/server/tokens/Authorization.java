package dev.remit.server.tokens;

import dev.remit.server.crypto.MasterKey;
import dev.remit.server.http.FreshSignIn;
import dev.remit.server.http.Operation;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.registry.Registered;
import dev.remit.server.risk.CurrentRisks;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.tokens.proof.OwnCertificates;
import dev.remit.server.tokens.proof.Proofs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything of this package, put together: what `Main` builds, hands on and closes.
public final class Authorization implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Authorization.class);
  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

  private final Database database;
  private final InstantSource clock;
  private final Controls controls;
  private final Standings standings;
  private final Resumptions resumptions;
  private final Stopping stopping;
  private final Tasks tasks;
  private final Tokens tokens;
  private final Holders holders;
  private final Proofs proofs;
  private final Operators operators;
  private final SeenProofs seen;
  private final Issuance issuance;
  private final Consents consents;
  private final SigningKeys keys;
  private final KeyChange keyChange;
  private final List<Operation> operations;
  private final Function<FreshSignIn, List<Operation>> standingRoutes;
  private final List<Consumer<Instant>> alsoSwept = new CopyOnWriteArrayList<>();
  private final Repeating sweeping;

  /// Creates the first signing key where there is none, reads every standing, begins to sweep.
  public Authorization(
      TokenConfig config,
      Database database,
      Ledger ledger,
      MasterKey master,
      Supplier<Registered> registered,
      InstantSource clock) {
    this(config, SuspensionConfig.DEFAULT, database, ledger, master, registered, clock);
  }

  /// The same, with bounds of suspension other than the default.
  public Authorization(
      TokenConfig config,
      SuspensionConfig suspension,
      Database database,
      Ledger ledger,
      MasterKey master,
      Supplier<Registered> registered,
      InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.controls =
        new Controls(database, ledger, registered, suspension, config.staleAfter(), clock);
    this.standings = new Standings(database, ledger, controls, config, clock, System::nanoTime);
    this.resumptions =
        new Resumptions(database, ledger, standings, registered, suspension.resumeWithin());
    this.keyChange =
        new KeyChange(ledger, master, standings.losses(), config.keys(), config.trustedFor());
    keyChange.ensureOne(clock.instant());
    this.keys =
        new SigningKeys(database, master, standings.losses()::isKeyRevoked, clock.instant());
    this.tasks = new Tasks(database, ledger, standings);
    this.seen = new SeenProofs(database);
    var nonces = new Nonces(master, config.holders().nonceFor(), config.skew());
    this.holders = new Holders(config, nonces, seen);
    this.tokens = new Tokens(config, keys, standings, registered, holders);
    this.operators = new Operators(database, ledger, registered, standings);
    this.issuance = new Issuance(ledger);
    this.consents = new Consents(ledger, registered, standings);
    this.proofs = new Proofs(config.proofs());
    var risks = new CurrentRisks(registered, config.lifetimes().rules(), clock);
    var exchange =
        new TokenExchange(
            config,
            registered,
            risks,
            proofs,
            holders,
            standings,
            new Delegation(config, tokens),
            issuance,
            keys,
            ledger);
    var codes =
        new CodeExchange(
            config, database, registered, risks, standings, tasks, holders, issuance, keys, ledger);
    var logs = new NodeLogs(database, ledger, KeyWrap.of(master));
    var withdrawals = new Withdrawals(ledger, logs, standings);
    var stoppable = new Stoppable(registered, standings);
    this.stopping = new Stopping(standings, tasks, resumptions, stoppable);
    var oauth = new OAuthRoutes(config, registered, keys, exchange, codes, tokens, withdrawals);
    this.operations =
        Stream.of(
                oauth.operations(),
                new SvidRoutes(new Svids(config, keys, ledger), tokens).operations(),
                new TaskRoutes(tasks, registered).operations(),
                new KeyRoutes(keyChange, keys).operations(),
                new StatusRoutes(new StatusLists(config, database, keys, tokens)).operations(),
                new OperatorRoutes(operators, config).operations())
            .flatMap(List::stream)
            .toList();
    this.standingRoutes =
        fresh ->
            new StandingRoutes(standings, resumptions, withdrawals, stoppable, stopping, fresh)
                .operations();
    this.sweeping = Repeating.start("task-sweep", SWEEP_EVERY, this::sweep);
  }

  public Tokens tokens() {
    return tokens;
  }

  public Tasks tasks() {
    return tasks;
  }

  /// Returns where what people agreed to becomes codes.
  public Consents consents() {
    return consents;
  }

  /// Returns the keys that sign for this server.
  public SigningKeys keys() {
    return keys;
  }

  /// Asks `own` from now on about certificates that this server has issued: what was revoked holds
  /// nothing, and none is a proof.
  public void certifiedBy(OwnCertificates own) {
    holders.certifiedBy(own);
    proofs.certifiedBy(own);
  }

  /// Lets what others keep for a while be swept with what is kept here, every minute.
  public void sweepToo(Consumer<Instant> more) {
    alsoSwept.add(more);
  }

  KeyChange keyChange() {
    return keyChange;
  }

  public Standings standings() {
    return standings;
  }

  public Resumptions resumptions() {
    return resumptions;
  }

  /// Returns what people may do about standings.
  public Stopping stopping() {
    return stopping;
  }

  public Operators operators() {
    return operators;
  }

  /// Returns who tells the edge's callers apart.
  public KnownCallers callers() {
    return new KnownCallers(operators, tokens);
  }

  /// What can be asked.
  ///
  /// @param fresh asks of whoever lets go on what was stopped when they last showed who they are
  public List<Operation> operations(FreshSignIn fresh) {
    return Stream.concat(operations.stream(), standingRoutes.apply(fresh).stream()).toList();
  }

  @Override
  public void close() {
    sweeping.close();
    issuance.close();
    seen.close();
    standings.close();
    controls.close();
  }

  /// Also what a suspension could not end, because its node did not come to it.
  private void endForWhoLeft(Instant now) {
    for (var person : tasks.people(now)) {
      if (!operators.isActive(person)) {
        tasks.completeFor(person, "person-inactive", now);
      }
    }
  }

  private void sweep() {
    try {
      var now = clock.instant();
      database.run(tx -> {
        new StandingStore().prune(tx, now);
        new StatusStore().prune(tx, now);
        new CodeStore().prune(tx, now);
        new RefreshStore().prune(tx, now);
      });
      tasks.sweep(now);
      endForWhoLeft(now);
      alsoSwept.forEach(more -> more.accept(now));
      keyChange.rotateIfDue(now);
      keyChange.retire(now);
      keys.refresh(now);
      resumptions.sweep(now);
      controls.sweep(now);
    } catch (DatabaseUnavailable e) {
      LOG.warn("cannot sweep ended tasks now: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("sweeping ended tasks failed", e);
    }
  }
}
