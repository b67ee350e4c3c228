package dev.remit.server.export;

import dev.remit.server.export.ExportStore.Position;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// One export, round by round: this file is the whole way of an entry to its destination.
///
/// An entry is sent, and only then does the position pass it; whatever breaks in between, it is
/// sent again, under the same id. No transaction is open while something is sent, and nothing waits
/// for it here. Runs on a virtual thread of its own.
final class ExportLoop {
  private final ExportConfig config;
  private final OwnLog log;
  private final Destination destination;
  private final Trouble trouble;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final SecondTries secondTries;
  private final Semaphore wakeups = new Semaphore(0);
  private volatile boolean closed;
  private volatile boolean gone;
  private int failures;

  ExportLoop(
      ExportConfig config,
      OwnLog log,
      Destination destination,
      Trouble trouble,
      InstantSource clock,
      RandomGenerator random) {
    this.config = config;
    this.log = log;
    this.destination = destination;
    this.trouble = trouble;
    this.clock = clock;
    this.random = random;
    this.secondTries = new SecondTries(config, log, destination, trouble, clock, random);
  }

  /// Goes on until closed.
  void run() {
    try (destination) {
      while (!closed) {
        wakeups.tryAcquire(roundOrWait().toMillis(), TimeUnit.MILLISECONDS);
        wakeups.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Begins the next round now, and after a destination that was gone, anew.
  void wake() {
    gone = false;
    wakeups.release();
  }

  void close() {
    closed = true;
    wakeups.release();
  }

  boolean isGone() {
    return gone;
  }

  private Duration roundOrWait() {
    try {
      return round();
    } catch (RuntimeException e) {
      // The database is away, or an entry cannot be said: tried again from the stored position.
      try {
        return failed("a round failed: " + e.getMessage(), Optional.empty());
      } catch (RuntimeException alsoTelling) {
        return config.bounds().retryMax();
      }
    }
  }

  /// Tries again what waits, then sends what is new.
  ///
  /// @return how long nothing is to be done
  private Duration round() {
    if (gone) {
      return config.bounds().retryMax();
    }
    var position = log.database().transact(tx -> log.store().position(tx)).orElseGet(this::begin);
    var halt = secondTries.round(() -> closed);
    if (secondTries.hasTaken()) {
      cameOn();
    }
    if (halt.isPresent()) {
      return halted(halt.get());
    }
    trouble.lag(log.reader().size() - position.next(), clock.instant());
    return sendNext(position);
  }

  private Position begin() {
    long first = config.fromNow() ? log.reader().size() : 0;
    var store = log.store();
    return log.database()
        .transact(tx -> {
          store.begin(tx, first, clock.instant());
          return store.position(tx).orElseThrow();
        });
  }

  private Duration sendNext(Position position) {
    var page = log.reader().page(position.next(), config.bounds().batchMax());
    if (page.isEmpty()) {
      return config.bounds().pollEvery();
    }
    var wanted =
        page.stream()
            .map(log.lanes()::outgoing)
            .filter(out -> config.filter().takes(out, config.name()))
            .toList();
    var passage = passage();
    passage.send(wanted);
    long next = passage.halt().map(Passage.Halt::next).orElse(page.getLast().index() + 1);
    if (passage.hasTaken()) {
      cameOn();
    }
    commit(position, passage, next);
    return passage.halt().map(this::halted).orElse(Duration.ZERO);
  }

  private Passage passage() {
    return log.database()
        .transact(tx ->
            new Passage(
                destination,
                log.store().lanes(tx),
                Math.max(0, config.bounds().heldMax() - log.store().heldCount(tx)),
                config.bounds().retryMin(),
                clock));
  }

  /// From here on the entries below `next` are done with, or wait in a row of their own. If the
  /// position was set elsewhere meanwhile, that holds, and the round was for nothing.
  private void commit(Position from, Passage passage, long next) {
    var held = passage.heldBelow(next);
    var asides = passage.asides();
    var now = clock.instant();
    if (next == from.next()) {
      return;
    }
    asides.forEach(one -> trouble.refused(one.index(), one.why(), now));
    held.stream()
        .filter(one -> one.refusals() > 0)
        .forEach(one -> trouble.refused(one.index(), one.why(), now));
    var store = log.store();
    if (asides.isEmpty()) {
      log.database()
          .run(tx -> {
            if (store.move(tx, from, next, now)) {
              held.forEach(one -> store.hold(tx, one));
            }
          });
    } else {
      log.ledger()
          .transact(recording -> {
            if (store.move(recording.tx(), from, next, now)) {
              held.forEach(one -> store.hold(recording.tx(), one));
              asides.forEach(aside -> log.setAside(recording, aside));
            }
            return true;
          });
    }
  }

  private Duration halted(Passage.Halt halt) {
    return switch (halt.why()) {
      case Delivered.Later(var wait, var why) -> failed(why, wait);
      case Delivered.Failed(var why) -> failed(why, Optional.empty());
      case Delivered.Gone(var why) -> {
        gone = true;
        trouble.gone(why, clock.instant());
        yield config.bounds().retryMax();
      }
      case Delivered.Taken _, Delivered.TakenInPart _, Delivered.Refused _ ->
          throw new IllegalStateException("an export does not stop for what was answered");
    };
  }

  private Duration failed(String why, Optional<Duration> asked) {
    if (closed) {
      return Duration.ZERO;
    }
    failures++;
    var wait =
        Backoff.after(failures, config.bounds().retryMin(), config.bounds().retryMax(), random);
    trouble.failed(why, clock.instant());
    return asked.filter(longer -> longer.compareTo(wait) > 0).orElse(wait);
  }

  private void cameOn() {
    failures = 0;
    secondTries.cameOn();
    trouble.over();
  }
}
