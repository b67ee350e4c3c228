package dev.remit.server.ledger;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.server.ledger.CrashPoint.Stage;
import dev.remit.server.store.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/// The one way to record something.
///
/// Safe for use by many threads; those that wait at the same time share one transaction. One
/// process appends to a log: whoever opened it last. Every other one is refused.
public final class Ledger implements AutoCloseable {
  private final LedgerConfig config;
  private final SubjectKeys keys;
  private final LogWriter writer;
  private final Sequencer sequencer;
  private final Thread thread;
  private final Semaphore submitted;

  /// Read by whoever offers, written by close, so that nothing is offered to a thread that ended.
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  private boolean closed;

  private Ledger(LedgerConfig config, SubjectKeys keys, LogWriter writer, InstantSource clock) {
    this.config = config;
    this.keys = keys;
    this.writer = writer;
    this.sequencer = new Sequencer(config, writer, keys, clock);
    this.submitted = new Semaphore(config.submittedMax());
    this.thread = Thread.ofPlatform().name("ledger-sequencer").start(sequencer);
  }

  /// Opens the node's log, creating it and its signing key when there is none, and takes it over
  /// from any other process that has it open.
  ///
  /// @param kek wraps the signing key and the keys of subjects
  /// @throws LedgerDamagedException if the stored tree contradicts its head
  public static Ledger open(
      Database database, LedgerConfig config, KeyWrap kek, InstantSource clock) {
    return open(database, config, kek, clock, Crashes.NEVER);
  }

  /// The same, dying where `crashes` says; how tests make a process end in the middle of it.
  public static Ledger open(
      Database database, LedgerConfig config, KeyWrap kek, InstantSource clock, Crashes crashes) {
    var keys = new SubjectKeys(kek);
    var start = new LogStart(database, config, kek, keys, clock, crashes);
    return new Ledger(config, keys, start.start(), clock);
  }

  /// Name of this log in its checkpoints.
  public String origin() {
    return writer.origin();
  }

  /// Whether entries can be appended by this process, as far as is known without trying.
  public boolean isOurs() {
    return sequencer.fatal() == null;
  }

  /// Whether another process has taken the log over from this one, which must write no more.
  public boolean isFenced() {
    return sequencer.fatal() instanceof FencedException;
  }

  /// Which life of the log this process writes.
  long epoch() {
    return writer.producer().epoch();
  }

  /// The keys under which content is kept, here and in the features' own tables.
  public SubjectKeys keys() {
    return keys;
  }

  int log() {
    return writer.log();
  }

  /// Records `entry` and returns once it is durable.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it could not be made durable; if it is
  ///   [dev.remit.server.store.CommitUnknown], it may be in the ledger all the same
  /// @throws FencedException when another process has taken the log over; this one must stop
  public Receipt append(Entry entry, Body... bodies) {
    var prepared = Prepared.of(writer.producer(), keys, entry, bodies);
    var placed = new CompletableFuture<Waiting.Placed>();
    offer(new Waiting.Awaited(prepared, placed));
    return await(placed).receipt();
  }

  /// An entry and what is kept encrypted beside it.
  public record Draft(Entry entry, List<Body> bodies) {
    public Draft {
      bodies = List.copyOf(bodies);
    }
  }

  /// Records several entries, which may share a transaction, and returns once all are durable.
  ///
  /// Errors are those of [#append]; some of the entries may then be in the ledger.
  ///
  /// @return their receipts, in the order of `drafts`
  public List<Receipt> appendAll(List<Draft> drafts) {
    var waiting = new ArrayList<CompletableFuture<Waiting.Placed>>(drafts.size());
    for (var draft : drafts) {
      var bodies = draft.bodies().toArray(Body[]::new);
      var placed = new CompletableFuture<Waiting.Placed>();
      var prepared = Prepared.of(writer.producer(), keys, draft.entry(), bodies);
      offer(new Waiting.Awaited(prepared, placed));
      waiting.add(placed);
    }
    return waiting.stream().map(placed -> await(placed).receipt()).toList();
  }

  /// Records `entry` soon, without waiting: what was already promised by an earlier entry, such as
  /// the outcome of a decided call.
  ///
  /// Kept in memory until it is durable, also while the database is away; blocks while too many are
  /// waiting. Drained by [#close].
  ///
  /// @throws IllegalStateException if too many are still waiting after
  ///   [LedgerConfig#submitWaitMax]; nothing was recorded
  public void submit(Entry entry, Body... bodies) {
    var prepared = Prepared.of(writer.producer(), keys, entry, bodies);
    admit();
    try {
      offer(new Waiting.Submitted(prepared, submitted::release));
    } catch (RuntimeException e) {
      submitted.release();
      throw e;
    }
  }

  /// Runs `work` and commits what it changed and what it recorded in one transaction.
  ///
  /// Runs on the sequencer's thread while nothing else is appended: keep it short, and never call
  /// the ledger or open another transaction from inside. Anything thrown by `work` rolls everything
  /// back and comes out.
  public <T> T transact(Function<Recording, T> work) {
    var answer = new CompletableFuture<T>();
    offer(new Waiting.Governed<>(Stage.CHANGE, work, answer));
    return await(answer);
  }

  /// Gives the log a new signing key. The entry that names it is the last that the old one signs
  /// for; every checkpoint from then on is signed by the new one, and older checkpoints and
  /// receipts stay what they are.
  ///
  /// @param reason why, for the record
  public KeyRotation rotateKey(PersonName by, String reason, Instant now) {
    var fresh = Signer.create(origin(), keys.master());
    var says =
        Entry.of(EntryType.KEY_CREATED, now)
            .with("purpose", "ledger")
            .with("key", fresh.key().toString())
            .with("by", by.value())
            .with("reason", reason);
    var answer = new CompletableFuture<KeyRotation>();
    offer(
        new Waiting.Governed<>(
            Stage.ROTATION, recorded -> recorded.rotate(fresh, says, now), answer));
    return await(answer);
  }

  /// Stores what was submitted, seals the epoch, and ends. What the database does not take within
  /// [LedgerConfig#closeWaitMax] is lost, and logged as lost.
  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      closed = true;
    } finally {
      gate.writeLock().unlock();
    }
    sequencer.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void offer(Waiting waiting) {
    if (thread.equals(Thread.currentThread())) {
      throw new IllegalStateException("the ledger was called from inside a ledger transaction");
    }
    gate.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the ledger is closed");
      }
      sequencer.offer(waiting);
    } finally {
      gate.readLock().unlock();
    }
  }

  private void admit() {
    try {
      if (!submitted.tryAcquire(config.submitWaitMax().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            config.submittedMax() + " submitted entries already wait for the database");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before an entry was submitted", e);
    }
  }

  private static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted; the entry may be in the ledger", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("the ledger failed", e.getCause());
    }
  }
}
