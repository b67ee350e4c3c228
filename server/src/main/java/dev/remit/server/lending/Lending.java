package dev.remit.server.lending;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.findings.Findings;
import dev.remit.server.gateway.CredentialDoor;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.lending.postgres.Inspection;
import dev.remit.server.lending.postgres.Marks;
import dev.remit.server.lending.postgres.Place;
import dev.remit.server.lending.postgres.Places;
import dev.remit.server.lending.postgres.Roles;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Upstream;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.Aftermath;
import dev.remit.server.tokens.Standings;
import dev.remit.server.tokens.Tasks;
import dev.remit.server.tokens.Tokens;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Credentials that live for one task: everything of this package, put together.
///
/// One thread looks every second what is over and begins to take it away; the news of suspensions
/// and ended tasks wakes it. At the start, and every minute, it compares the rows with the registry
/// and every database with the rows.
public final class Lending implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lending.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration STOP_MAX = Duration.ofSeconds(10);
  private static final String LETTERS = "abcdefghjkmnpqrstvwxyz0123456789";

  private final InstantSource clock;
  private final LendingConfig config;
  private final Database database;
  private final Registry registry;
  private final Places places;
  private final Ending ending;
  private final Revoking revoking;
  private final Sweep sweep;
  private final Revealing revealing;
  private final Issuing issuing;
  private final CredentialStore store = new CredentialStore();
  private final Bell bell = new Bell();
  private final Bell through = new Bell();
  private final Thread thread;
  private volatile boolean closing;

  public Lending(
      LendingConfig config,
      InstantSource clock,
      Database database,
      Ledger ledger,
      Registry registry,
      Secrets secrets,
      Findings findings,
      Tasks tasks,
      Standings standings,
      Tokens tokens,
      CredentialDoor door,
      LendingCrashes crashes) {
    this.clock = clock;
    this.config = config;
    this.database = database;
    this.registry = registry;
    this.places = new Places(secrets, config.connectionsMax(), config.within());
    var name = database.transact(tx -> new PlaceStore().deployment(tx, freshName()));
    var marks = new Marks(places, name);
    var roles = new Roles(places, config.within(), crashes);
    this.ending =
        new Ending(
            clock,
            config,
            database,
            ledger,
            tasks,
            standings,
            tokens,
            registry::current,
            bell::ring);
    this.revoking =
        new Revoking(clock, config, database, ledger, findings, roles, crashes, this::through);
    this.sweep = new Sweep(clock, database, ledger, findings, registry::current, marks, roles);
    this.revealing =
        new Revealing(
            clock, config.linkFor(), door, database, ledger, secrets, findings, registry::current);
    this.issuing =
        new Issuing(
            clock, config, door, ledger, tasks, standings, sweep, marks, roles, ending, revealing,
            crashes);
    standings.controls().watch(new LentPart());
    standings.onSuspended(party -> aside("suspended", party, ending::suspended));
    tasks.onEnded(task -> aside("ended", task, ending::ended));
    registry.onChange(_ -> aside("changed", "registry", _ -> ending.reconcile()));
    this.thread = Thread.ofVirtual().name("lending").start(this::loop);
  }

  Issuing.Answer issue(CredentialDoor.Asking asking) {
    return issuing.issue(asking);
  }

  Revealing.Opened open(String code, TaskId task, String bearer) {
    return revealing.open(code, task, bearer);
  }

  Optional<Lent> find(CredentialId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  /// Returns the newest credentials of an identity, gone or not.
  public List<Lent> of(IdentityName identity, int max) {
    return database.transact(tx -> store.of(tx, identity, max));
  }

  List<Lent> list(CredentialStore.Query query) {
    return database.transact(tx -> store.list(tx, query));
  }

  /// Takes a credential back, or tries again at once where that goes on already, and waits for it
  /// for at most `max`.
  Optional<Lent> revoke(CredentialId id, String by, Duration max) {
    ending.revoked(id, by);
    database.run(tx -> hurry(tx, id));
    bell.ring();
    long end = System.nanoTime() + max.toNanos();
    while (true) {
      var heard = through.count();
      var found = find(id);
      if (found.filter(lent -> lent.state() != Lent.State.REVOKED).isEmpty()
          || !through.await(heard, end)) {
        return found;
      }
    }
  }

  /// One that is still being made is left alone until whoever makes it has finished.
  private void hurry(Tx tx, CredentialId id) {
    if (store.find(tx, id).filter(lent -> lent.activeAt().isPresent()).isPresent()) {
      store.hurry(tx, id, clock.instant());
    }
  }

  /// What became of the credentials of a task that has ended, after waiting for them.
  public Aftermath aftermath() {
    return (task, max) -> aftermath(task, max);
  }

  private Aftermath.Ended aftermath(TaskId task, Duration max) {
    long began = System.nanoTime();
    var all = list(new CredentialStore.Query(Optional.of(task), Optional.empty(), true, 1_000));
    if (all.isEmpty()) {
      return new Aftermath.Ended(0, 0, Duration.ZERO);
    }
    ending.ended(task);
    var within = max.compareTo(config.completionWait()) < 0 ? max : config.completionWait();
    long end = began + within.toNanos();
    while (true) {
      var heard = through.count();
      long left = database.transact(tx -> store.left(tx, task));
      if (left == 0 || !through.await(heard, end)) {
        return new Aftermath.Ended(
            all.size() - left, left, Duration.ofNanos(System.nanoTime() - began));
      }
    }
  }

  /// Says what is wrong with the database of a resource; empty if it is none.
  Optional<List<Inspection.Looked>> check(ResourceName resource, Instant now) {
    return declared(resource).map(found -> new Inspection(places).of(found, now));
  }

  /// Lets the database of a resource be used again; empty if it is none.
  Optional<Boolean> release(ResourceName resource, String by) {
    return declared(resource).map(found -> sweep.release(Place.of(found), by));
  }

  private Optional<Upstream.Database> declared(ResourceName resource) {
    return registry
        .current()
        .resource(resource)
        .map(found -> found.upstream())
        .filter(Upstream.Database.class::isInstance)
        .map(Upstream.Database.class::cast);
  }

  /// Sweeps now; what a test does instead of waiting.
  void sweep() {
    ending.over();
    ending.reconcile();
    sweep.all();
    bell.ring();
  }

  private void through() {
    through.ring();
    bell.ring();
  }

  private void loop() {
    long nextSweep = System.nanoTime();
    long heard = 0;
    while (!closing) {
      boolean due = System.nanoTime() - nextSweep >= 0;
      if (due) {
        nextSweep = System.nanoTime() + config.sweepEvery().toNanos();
        Thread.ofVirtual().name("lending-sweep").start(() -> guarded("sweep", this::sweepAll));
      }
      guarded("look what is over", ending::over);
      guarded("take away what is marked", revoking::begin);
      bell.await(heard, System.nanoTime() + TICK.toNanos());
      heard = bell.count();
    }
  }

  private void sweepAll() {
    ending.reconcile();
    sweep.all();
  }

  private <T> void aside(String what, T about, Consumer<T> work) {
    Thread.ofVirtual().name("lending-" + what).start(() -> guarded(what, () -> work.accept(about)));
  }

  private void guarded(String what, Runnable work) {
    try {
      if (!closing) {
        work.run();
      }
    } catch (DatabaseUnavailable e) {
      LOG.warn("cannot {} now: {}", what, e.getMessage());
    } catch (RuntimeException e) {
      if (!closing) {
        LOG.error("lending could not {}", what, e);
      }
    }
  }

  private static String freshName() {
    var random = new SecureRandom();
    var name = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return name.toString();
  }

  /// Begins nothing more, lets what is under way finish. What is left is found at the next start.
  @Override
  public void close() {
    closing = true;
    bell.ring();
    try {
      thread.join(STOP_MAX);
      if (!revoking.awaitNone(STOP_MAX)) {
        LOG.warn("credentials are still being taken away; the next start goes on with that");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    places.close();
  }
}
