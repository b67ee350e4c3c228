package dev.remit.server.certificates;

import com.nimbusds.jose.util.X509CertUtils;
import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.findings.Findings;
import dev.remit.server.http.Operation;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.tokens.Aftermath;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.tokens.proof.OwnCertificates;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Certificates that live for one task: everything of this package, put together.
///
/// One thread looks every second what is over and which list is due; the news of suspensions and
/// ended tasks wakes it. Every minute it compares the rows with tasks and standing, and looks
/// whether the authority has signed for long enough.
public final class Certificates implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
  private static final Duration STOP_MAX = Duration.ofSeconds(5);
  private static final int OF_TASK_MAX = 10_000;

  private final InstantSource clock;
  private final Database database;
  private final AuthorityChange change;
  private final Authorities authorities;
  private final Lists lists;
  private final Ending ending;
  private final List<Operation> operations;
  private final SvidStore store = new SvidStore();
  private final Semaphore news = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closing;

  /// Makes the first authority where there is none, and begins to look.
  public Certificates(
      CertificateConfig config,
      InstantSource clock,
      Database database,
      Ledger ledger,
      MasterKey master,
      Supplier<Registered> registered,
      Authorization authorization,
      Findings findings) {
    this.clock = clock;
    this.database = database;
    this.change = new AuthorityChange(config, ledger, master);
    change.ensureOne(clock.instant());
    this.authorities = new Authorities(database, master);
    this.lists = new Lists(clock, config, database, ledger, findings, authorities);
    var tasks = authorization.tasks();
    var standings = authorization.standings();
    this.ending =
        new Ending(
            clock,
            database,
            ledger,
            tasks,
            standings,
            authorization.tokens(),
            registered,
            news::release);
    var issuing =
        new Issuing(
            clock, config, ledger, tasks, standings, authorization.tokens(), authorities, ending);
    var bundle = new PublishedBundle(database, authorization.keys());
    this.operations = new CertificateRoutes(issuing, lists, bundle, this).operations();
    authorization.certifiedBy(this::known);
    standings.controls().watch(new CertificatePart());
    standings.onSuspended(party -> aside("suspended", party, ending::suspended));
    standings.onWithdrawn(jti -> aside("withdrawn", jti, ending::withdrawn));
    standings.onKeyRevoked(kid -> aside("roll", kid, _ -> ending.keysRevoked()));
    tasks.onEnded(task -> aside("ended", task, ending::ended));
    this.thread = Thread.ofVirtual().name("certificates").start(this::loop);
  }

  public List<Operation> operations() {
    return operations;
  }

  public Optional<Svid> find(CredentialId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  /// Returns the newest, those that hold alone or all.
  public List<Svid> list(Optional<TaskId> task, boolean alsoEnded, int max) {
    return database.transact(tx -> store.list(tx, task, alsoEnded, max));
  }

  /// Revokes a certificate, and returns when the list of its authority tells it.
  public Optional<Svid> revoke(CredentialId id, String by) {
    ending.revoked(id, by);
    lists.refresh();
    return find(id);
  }

  /// What became of the certificates of a task that has ended.
  public Aftermath aftermath() {
    return (task, _) -> aftermath(task);
  }

  private Aftermath.Ended aftermath(TaskId task) {
    long began = System.nanoTime();
    var all = list(Optional.of(task), true, OF_TASK_MAX);
    if (all.isEmpty()) {
      return new Aftermath.Ended(0, 0, Duration.ZERO);
    }
    ending.ended(task);
    lists.refresh();
    long left = database.transact(tx -> store.left(tx, task));
    return new Aftermath.Ended(
        all.size() - left, left, Duration.ofNanos(System.nanoTime() - began));
  }

  List<Authority> authorities() {
    authorities.refresh();
    return authorities.all();
  }

  AuthorityChange.Rotation rotate(AuthorityChange.Wish wish, Instant now) {
    var rotation = change.rotate(wish, now);
    authorities.refresh();
    lists.refresh();
    return rotation;
  }

  /// Trusts no authority of before any more, and returns when all that they signed is revoked.
  AuthorityChange.Roll roll(AuthorityChange.Wish wish, Instant now) {
    var roll = change.roll(wish, now);
    authorities.refresh();
    ending.rolled(roll.revoked(), wish.by());
    lists.refresh();
    return roll;
  }

  private OwnCertificates.Known known(X509Certificate certificate) {
    var issuer = authorities.issuer(certificate);
    if (issuer.isEmpty()) {
      return OwnCertificates.Known.NOT_OURS;
    }
    var serial = certificate.getSerialNumber().toString(16);
    var thumbprint = X509CertUtils.computeSHA256Thumbprint(certificate).toString();
    boolean holds =
        database
            .transact(tx -> store.find(tx, issuer.get().id(), serial))
            .filter(svid -> svid.state() == Svid.State.ACTIVE)
            .filter(svid -> svid.thumbprint().filter(thumbprint::equals).isPresent())
            .filter(svid -> clock.instant().isBefore(svid.expiresAt()))
            .isPresent();
    return holds ? OwnCertificates.Known.HOLDS : OwnCertificates.Known.HOLDS_NOT;
  }

  /// Looks at everything now; what a test does instead of waiting.
  void sweep() {
    var now = clock.instant();
    change.ensureOne(now);
    change.rotateIfDue(now);
    change.retire(now);
    authorities.refresh();
    ending.over();
    ending.reconcile();
    lists.refresh();
  }

  private void loop() {
    long nextSweep = System.nanoTime();
    while (!closing) {
      boolean due = System.nanoTime() - nextSweep >= 0;
      if (due) {
        nextSweep = System.nanoTime() + SWEEP_EVERY.toNanos();
        guarded("sweep", this::sweep);
      }
      guarded("look what is over", this::look);
      pause();
    }
  }

  private void look() {
    authorities.refresh();
    ending.over();
    lists.refresh();
  }

  private void pause() {
    try {
      if (news.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
        news.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private <T> void aside(String what, T about, Consumer<T> work) {
    Thread.ofVirtual()
        .name("certificates-" + what)
        .start(() -> guarded(what, () -> work.accept(about)));
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
        LOG.error("certificates could not {}", what, e);
      }
    }
  }

  /// Begins nothing more. What is left is found at the next start.
  @Override
  public void close() {
    closing = true;
    news.release();
    try {
      thread.join(STOP_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
