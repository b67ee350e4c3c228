package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Producer;
import dev.remit.server.ledger.CrashPoint.Stage;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.StatementFailed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that appends to a log. Takes whoever waits, at most a batch's worth and without
/// lingering for more, stores them in one transaction, and answers all of them.
///
/// While the database is away callers are told so at once, batch by batch; what was submitted
/// without a caller stays, in order, and is stored when the database is back.
final class Sequencer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
  private static final int BYTES_MAX = 8 * 1024 * 1024;
  private static final Duration BACK_OFF = Duration.ofMillis(250);

  private final LedgerConfig config;
  private final LogWriter writer;
  private final Producer producer;
  private final SubjectKeys keys;
  private final InstantSource clock;

  /// From callers to the sequencer's thread.
  private final LinkedBlockingQueue<Waiting> arrivals = new LinkedBlockingQueue<>();

  /// What the sequencer's thread has taken and not yet answered, oldest first.
  private final ArrayDeque<Waiting> pending = new ArrayDeque<>();

  /// Submitted entries of an attempt in doubt: the first of `pending`, in the same order.
  private int doubtful;

  private boolean healthy = true;
  private long lastAppendNanos = System.nanoTime();
  private volatile @Nullable RuntimeException fatal;
  private volatile long closeByNanos;
  private volatile boolean closing;

  Sequencer(LedgerConfig config, LogWriter writer, SubjectKeys keys, InstantSource clock) {
    this.config = config;
    this.writer = writer;
    this.producer = writer.producer();
    this.keys = keys;
    this.clock = clock;
  }

  void offer(Waiting waiting) {
    arrivals.add(waiting);
  }

  /// Why nothing will be appended any more, if so.
  @Nullable RuntimeException fatal() {
    return fatal;
  }

  /// Asks the thread to store what has arrived, seal the epoch and end. Nothing may be offered
  /// afterwards.
  void close() {
    closeByNanos = System.nanoTime() + config.closeWaitMax().toNanos();
    closing = true;
  }

  @Override
  public void run() {
    while (!isDone()) {
      try {
        take();
        step();
      } catch (FencedException | LedgerDamagedException e) {
        LOG.error("the ledger stops: {}", e.getMessage());
        stop(e);
      } catch (RuntimeException e) {
        failed(e);
      }
    }
    seal();
  }

  private boolean isDone() {
    boolean late = closing && System.nanoTime() - closeByNanos > 0;
    return late || (closing && pending.isEmpty() && arrivals.isEmpty());
  }

  /// Waits for something to do.
  private void take() {
    long wait = healthy ? untilHeartbeat() : BACK_OFF.toMillis();
    try {
      var first =
          pending.isEmpty() || !healthy
              ? arrivals.poll(closing ? Math.min(wait, 50) : wait, TimeUnit.MILLISECONDS)
              : arrivals.poll();
      if (first != null) {
        pending.add(first);
        arrivals.drainTo(pending, config.batchMax() - 1);
      }
    } catch (InterruptedException e) {
      // Only this class knows its thread, and it closes by flag.
      throw new IllegalStateException("the ledger's sequencer was interrupted", e);
    }
  }

  private long untilHeartbeat() {
    long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastAppendNanos);
    // Short enough to notice a close.
    return Math.clamp(config.heartbeatEvery().toMillis() - since, 1, 50);
  }

  private void step() {
    var stopped = fatal;
    if (stopped != null) {
      failAll(stopped);
      return;
    }
    if (writer.isInDoubt()) {
      boolean stored = writer.settle();
      LOG.info("the ledger found the last batch {}", stored ? "stored" : "not stored");
      dropDoubtful(stored);
    }
    if (pending.isEmpty() && isHeartbeatDue()) {
      var heartbeat = Prepared.of(producer, keys, Entry.of(EntryType.HEARTBEAT, clock.instant()));
      pending.add(new Waiting.Submitted(heartbeat, () -> {}));
    }
    switch (pending.peek()) {
      case null -> {}
      case Waiting.Single _ -> storeBatch();
      case Waiting.Governed<?> _ -> govern();
    }
  }

  private boolean isHeartbeatDue() {
    return !closing && System.nanoTime() - lastAppendNanos >= config.heartbeatEvery().toNanos();
  }

  private void storeBatch() {
    var batch = nextBatch();
    var attempt =
        writer.store(Stage.BATCH, batch.stream().map(Waiting.Single::entry).toList(), healthy);
    succeeded();
    long index = attempt.tree().before();
    for (var single : batch) {
      pending.remove();
      single.stored(attempt, index++);
    }
  }

  private void govern() {
    var governed = (Waiting.Governed<?>) pending.remove();
    try {
      governed.run(writer);
      succeeded();
    } catch (FencedException e) {
      governed.fail(e);
      throw e;
    } catch (RuntimeException e) {
      // The work's own refusal, or the database; the batch after it will tell which.
      governed.fail(e);
    }
  }

  /// The longest run of entries at the front that fits into one transaction.
  private List<Waiting.Single> nextBatch() {
    var batch = new ArrayList<Waiting.Single>();
    long bytes = 0;
    for (var waiting : pending) {
      if (!(waiting instanceof Waiting.Single single) || batch.size() == config.batchMax()) {
        break;
      }
      bytes += single.entry().length();
      if (bytes > BYTES_MAX && !batch.isEmpty()) {
        break;
      }
      batch.add(single);
    }
    return batch;
  }

  private void succeeded() {
    if (!healthy) {
      LOG.info("the ledger stores again");
    }
    healthy = true;
    lastAppendNanos = System.nanoTime();
  }

  private void failed(RuntimeException why) {
    if (healthy) {
      LOG.error("the ledger cannot store entries; calls are refused until it can", why);
    }
    healthy = false;
    boolean worthTelling = why instanceof DatabaseUnavailable || why instanceof StatementFailed;
    var told = worthTelling ? why : new IllegalStateException("the ledger failed", why);
    if (writer.isInDoubt() && doubtful == 0) {
      doubtful = (int) nextBatch().stream().filter(Waiting.Submitted.class::isInstance).count();
    }
    arrivals.drainTo(pending);
    var kept = pending.stream().filter(Waiting.Submitted.class::isInstance).toList();
    pending.stream()
        .filter(waiting -> !(waiting instanceof Waiting.Submitted))
        .forEach(waiting -> waiting.fail(told));
    pending.clear();
    pending.addAll(kept);
  }

  private void dropDoubtful(boolean stored) {
    for (; stored && doubtful > 0; doubtful--) {
      ((Waiting.Submitted) pending.remove()).release().run();
    }
    doubtful = 0;
  }

  private void stop(RuntimeException why) {
    fatal = why;
    failAll(why);
  }

  private void failAll(RuntimeException why) {
    arrivals.drainTo(pending);
    long lost = pending.stream().filter(Waiting.Submitted.class::isInstance).count();
    if (lost > 0) {
      LOG.error("the ledger gives up {} submitted entries", lost);
    }
    pending.forEach(waiting -> waiting.fail(why));
    pending.clear();
  }

  /// Ends the epoch in an orderly way, if the database lets us.
  private void seal() {
    failAll(new IllegalStateException("the ledger is closed"));
    if (fatal != null || !healthy) {
      return;
    }
    var seal = Entry.of(EntryType.SEAL, clock.instant()).with("total", writer.nextN());
    try {
      writer.store(Stage.SEAL, List.of(Prepared.of(producer, keys, seal)), true);
    } catch (RuntimeException e) {
      LOG.warn("the ledger's epoch ends without a seal", e);
    }
  }
}
