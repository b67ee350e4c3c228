package dev.remit.server.export;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.export.ExportStore.Aside;
import dev.remit.server.export.ExportStore.Held;
import dev.remit.server.export.ExportStore.Position;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.Recording;
import dev.remit.server.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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
  /// How many may be set aside in a row while the destination takes nothing at all: one that
  /// refuses everything is wrong itself.
  private static final int ASIDE_IN_A_ROW_MAX = 10;

  private final ExportConfig config;
  private final Destination destination;
  private final Database database;
  private final Ledger ledger;
  private final LedgerReader reader;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ExportStore store;
  private final Lanes lanes;
  private final Trouble trouble;
  private final Semaphore wakeups = new Semaphore(0);
  private volatile boolean closed;
  private volatile boolean gone;
  private int failures;
  private int asideInARow;

  ExportLoop(
      ExportConfig config,
      Destination destination,
      Database database,
      Ledger ledger,
      LedgerReader reader,
      Trouble trouble,
      InstantSource clock,
      RandomGenerator random) {
    this.config = config;
    this.destination = destination;
    this.database = database;
    this.ledger = ledger;
    this.reader = reader;
    this.trouble = trouble;
    this.clock = clock;
    this.random = random;
    this.store = new ExportStore(ledger.origin(), config.name());
    this.lanes = new Lanes(reader, ledger.origin());
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
    var position = database.transact(tx -> store.position(tx)).orElseGet(this::begin);
    var halted = retryHeld();
    if (halted.isPresent()) {
      return halted.get();
    }
    trouble.lag(reader.size() - position.next(), clock.instant());
    return sendNext(position);
  }

  private Position begin() {
    long first = config.fromNow() ? reader.size() : 0;
    return database.transact(tx -> {
      store.begin(tx, first, clock.instant());
      return store.position(tx).orElseThrow();
    });
  }

  private Duration sendNext(Position position) {
    var page = reader.page(position.next(), config.bounds().batchMax());
    if (page.isEmpty()) {
      return config.bounds().pollEvery();
    }
    var wanted =
        page.stream()
            .map(lanes::outgoing)
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
    return database.transact(tx ->
        new Passage(
            destination,
            store.lanes(tx),
            Math.max(0, config.bounds().heldMax() - store.heldCount(tx)),
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
    if (asides.isEmpty()) {
      database.run(tx -> {
        if (store.move(tx, from, next, now)) {
          held.forEach(one -> store.hold(tx, one));
        }
      });
    } else {
      ledger.transact(recording -> {
        if (store.move(recording.tx(), from, next, now)) {
          held.forEach(one -> store.hold(recording.tx(), one));
          asides.forEach(aside -> record(recording, aside));
        }
        return true;
      });
    }
  }

  /// Tries the first of each lane that is due, and after it what waited behind it.
  ///
  /// @return how long the whole export has to wait, if the destination takes nothing now
  private Optional<Duration> retryHeld() {
    for (var head : database.transact(tx -> store.due(tx, clock.instant()))) {
      Optional<Held> next = Optional.of(head);
      while (next.isPresent() && !closed) {
        var halt = retry(next.get());
        if (halt.isPresent()) {
          return Optional.of(halted(halt.get()));
        }
        var now = clock.instant();
        next =
            database
                .transact(tx -> store.first(tx, head.lane()))
                .filter(one -> one.tries() == 0 || !one.tryAt().isAfter(now));
      }
    }
    return Optional.empty();
  }

  private Optional<Passage.Halt> retry(Held held) {
    var entry = reader.at(held.index());
    if (entry.isEmpty()) {
      throw new IllegalStateException("entry " + held.index() + " is not in the ledger");
    }
    var out = lanes.outgoing(entry.get());
    var now = clock.instant();
    switch (destination.deliver(List.of(out))) {
      case Delivered.Taken() -> {
        database.run(tx -> store.release(tx, held.index()));
        trouble.released(held.index());
        cameOn();
      }
      case Delivered.TakenInPart(_, var why) -> setAside(held, why);
      case Delivered.Refused(var why) -> refusedAgain(held, why, now);
      case Delivered.Failed(var why) -> {
        trouble.holds(held.index(), why, held.heldAt(), now);
        again(held, held.refusals(), why, now);
      }
      case Delivered.Later later -> {
        return Optional.of(new Passage.Halt(held.index(), later));
      }
      case Delivered.Gone left -> {
        return Optional.of(new Passage.Halt(held.index(), left));
      }
    }
    return Optional.empty();
  }

  private void refusedAgain(Held held, String why, Instant now) {
    if (held.refusals() == 0) {
      trouble.refused(held.index(), why, now);
    }
    if (held.refusals() + 1 < config.bounds().triesMax() || asideInARow >= ASIDE_IN_A_ROW_MAX) {
      again(held, held.refusals() + 1, why, now);
    } else {
      setAside(held, why);
      asideInARow++;
    }
  }

  private void again(Held held, int refusals, String why, Instant now) {
    int tries = held.tries() + 1;
    var since = held.tries() == 0 ? now : held.heldAt();
    var tryAt = now.plus(wait(tries));
    var after = new Held(held.index(), held.lane(), tries, refusals, why, since, tryAt);
    database.run(tx -> store.tried(tx, after));
  }

  /// Gives an entry up, and says so in the ledger in the same transaction.
  private void setAside(Held held, String why) {
    var aside = new Aside(held.index(), held.index(), 1, why, clock.instant());
    ledger.transact(recording -> {
      store.release(recording.tx(), held.index());
      record(recording, aside);
      return true;
    });
    trouble.released(held.index());
  }

  private void record(Recording recording, Aside aside) {
    store.setAside(recording.tx(), aside);
    recording.append(
        Entry.of(EntryType.EXPORT_SETASIDE, aside.at())
            .with("export", config.name())
            .with("first", aside.index())
            .with("last", aside.until())
            .with("entries", aside.entries())
            .with("why", aside.why()));
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
    var wait = wait(failures);
    trouble.failed(why, clock.instant());
    return asked.filter(longer -> longer.compareTo(wait) > 0).orElse(wait);
  }

  private Duration wait(int tries) {
    return Backoff.after(tries, config.bounds().retryMin(), config.bounds().retryMax(), random);
  }

  private void cameOn() {
    failures = 0;
    asideInARow = 0;
    trouble.over();
  }
}
