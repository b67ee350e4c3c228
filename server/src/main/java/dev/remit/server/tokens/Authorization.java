package dev.remit.server.tokens;

import dev.remit.server.crypto.MasterKey;
import dev.remit.server.http.Operation;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.tokens.proof.Proofs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
  private final Tasks tasks;
  private final Tokens tokens;
  private final Operators operators;
  private final TokenExchange exchange;
  private final List<Operation> operations;
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
    var keys = new SigningKeys(database, ledger, master, clock.instant());
    this.controls =
        new Controls(database, ledger, registered, suspension, config.staleAfter(), clock);
    this.standings = new Standings(database, ledger, controls, config, clock, System::nanoTime);
    this.resumptions =
        new Resumptions(database, ledger, standings, registered, suspension.resumeWithin());
    this.tasks = new Tasks(database, ledger, standings);
    this.tokens = new Tokens(config, keys, standings, registered);
    this.operators = new Operators(database, ledger, registered, standings);
    this.exchange =
        new TokenExchange(
            config,
            registered,
            new Proofs(config.proofs()),
            standings,
            new Delegation(config, tokens),
            keys,
            ledger);
    var logs = new NodeLogs(database, ledger, KeyWrap.of(master));
    var withdrawals = new Withdrawals(ledger, logs, standings);
    var oauth = new OAuthRoutes(config, registered, keys, exchange, tokens, withdrawals);
    this.operations =
        Stream.of(
                oauth.operations(),
                new TaskRoutes(tasks, registered).operations(),
                new StandingRoutes(
                        standings, resumptions, withdrawals, new Stoppable(registered, standings))
                    .operations(),
                new OperatorRoutes(operators, config).operations())
            .flatMap(List::stream)
            .toList();
    this.sweeping = Repeating.start("task-sweep", SWEEP_EVERY, this::sweep);
  }

  public Tokens tokens() {
    return tokens;
  }

  public Tasks tasks() {
    return tasks;
  }

  public Standings standings() {
    return standings;
  }

  public Resumptions resumptions() {
    return resumptions;
  }

  public Operators operators() {
    return operators;
  }

  /// Returns who tells the edge's callers apart.
  public KnownCallers callers() {
    return new KnownCallers(operators, tokens);
  }

  public List<Operation> operations() {
    return operations;
  }

  @Override
  public void close() {
    sweeping.close();
    exchange.close();
    standings.close();
    controls.close();
  }

  private void sweep() {
    try {
      var now = clock.instant();
      database.run(tx -> new StandingStore().prune(tx, now));
      tasks.sweep(now);
      resumptions.sweep(now);
      controls.sweep(now);
    } catch (DatabaseUnavailable e) {
      LOG.warn("cannot sweep ended tasks now: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("sweeping ended tasks failed", e);
    }
  }
}
