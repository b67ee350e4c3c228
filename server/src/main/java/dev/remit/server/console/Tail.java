package dev.remit.server.console;

import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest decisions of all logs, read from their ends while somebody watches and never on the
/// path of a call.
///
/// One reader serves every watcher from one ring of bounded size, so that a slow browser costs
/// nothing: what it is too slow for is passed over and counted, and so is what comes faster than is
/// read. A watcher keeps no more than its place.
final class Tail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tail.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(400);

  /// How much of a log is read each time.
  private static final int READ_MAX = 200;

  /// How many lines are kept for watchers.
  private static final int RING_MAX = 400;

  private final Sources sources;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Line> ring = new ArrayDeque<>();
  private final Map<Integer, Long> next = new HashMap<>();
  private long added;
  private long skipped;
  private int watchers;
  private boolean running;
  private boolean closed;

  Tail(Sources sources) {
    this.sources = sources;
  }

  /// Where a watcher is.
  ///
  /// @param number how many lines it has passed
  /// @param skipped how many records it knows were passed over
  record Place(long number, long skipped) {}

  /// What came after a place, oldest first.
  ///
  /// @param passed how many records were passed over, at most
  record More(List<Line> lines, long passed, Place place, boolean over) {
    More {
      lines = List.copyOf(lines);
    }
  }

  /// Begins to watch, from the oldest line that is kept.
  Place enter() {
    lock.lock();
    try {
      watchers++;
      if (!running && !closed) {
        running = true;
        ring.clear();
        next.clear();
        Thread.ofVirtual().name("console-tail").start(this::follow);
      }
      return new Place(added - ring.size(), skipped);
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      watchers--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for something after `place`, at most for `patience`.
  More after(Place place, Duration patience) throws InterruptedException {
    lock.lock();
    try {
      long nanos = patience.toNanos();
      while (added == place.number() && !closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      long oldest = added - ring.size();
      long missed = Math.max(0, oldest - place.number()) + skipped - place.skipped();
      var lines = new ArrayList<Line>();
      long number = oldest;
      for (var line : ring) {
        if (number++ >= place.number()) {
          lines.add(line);
        }
      }
      return new More(lines, missed, new Place(added, skipped), closed);
    } finally {
      lock.unlock();
    }
  }

  private void follow() {
    while (isWatched()) {
      try {
        read();
        TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
      } catch (DatabaseUnavailable e) {
        LOG.debug("the live view waits for the database", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.error("the live view cannot read the ledger", e);
      }
    }
  }

  private boolean isWatched() {
    lock.lock();
    try {
      running = watchers > 0 && !closed && !Thread.currentThread().isInterrupted();
      return running;
    } finally {
      lock.unlock();
    }
  }

  private void read() {
    for (var log : sources.logs().all()) {
      if (!log.isRoot()) {
        long from = next.getOrDefault(log.log(), Math.max(0, log.size() - READ_MAX));
        long begin = Math.max(from, log.size() - READ_MAX);
        var entries =
            begin < log.size()
                ? sources.logs().reader(log).page(begin, (int) (log.size() - begin))
                : List.<dev.remit.kernel.ledger.RecordedEntry>of();
        next.put(log.log(), entries.isEmpty() ? begin : entries.getLast().index() + 1);
        add(
            entries.stream()
                .map(entry -> Line.of(log.node(), entry))
                .filter(Line::isDecision)
                .toList(),
            begin - from);
      }
    }
  }

  private void add(List<Line> lines, long passed) {
    lock.lock();
    try {
      skipped += passed;
      added += lines.size();
      ring.addAll(lines);
      while (ring.size() > RING_MAX) {
        ring.removeFirst();
      }
      if (!lines.isEmpty()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
