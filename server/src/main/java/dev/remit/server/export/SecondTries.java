package dev.remit.server.export;

import dev.remit.server.export.ExportStore.Aside;
import dev.remit.server.export.ExportStore.Held;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// Tries again what waits, lane by lane, until it is taken or set aside. Used by the thread of its
/// export only.
final class SecondTries {
  /// How many may be set aside in a row while the destination takes nothing at all: one that
  /// refuses everything is wrong itself.
  private static final int ASIDE_IN_A_ROW_MAX = 10;

  private final ExportConfig config;
  private final OwnLog log;
  private final Destination destination;
  private final Trouble trouble;
  private final InstantSource clock;
  private final RandomGenerator random;
  private int asideInARow;
  private boolean taken;

  SecondTries(
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
  }

  /// Tries the first of each lane that is due, and after it what waited behind it.
  ///
  /// @return where the destination took nothing more, if it did
  Optional<Passage.Halt> round(BooleanSupplier closed) {
    taken = false;
    var store = log.store();
    for (var head : log.database().transact(tx -> store.due(tx, clock.instant()))) {
      Optional<Held> next = Optional.of(head);
      while (next.isPresent() && !closed.getAsBoolean()) {
        var halt = retry(next.get());
        if (halt.isPresent()) {
          return halt;
        }
        var now = clock.instant();
        next =
            log.database()
                .transact(tx -> store.first(tx, head.lane()))
                .filter(one -> one.tries() == 0 || !one.tryAt().isAfter(now));
      }
    }
    return Optional.empty();
  }

  /// Whether the last round brought the export on.
  boolean hasTaken() {
    return taken;
  }

  /// The destination has taken something, here or elsewhere.
  void cameOn() {
    asideInARow = 0;
  }

  private Optional<Passage.Halt> retry(Held held) {
    var entry = log.reader().at(held.index());
    if (entry.isEmpty()) {
      throw new IllegalStateException("entry " + held.index() + " is not in the ledger");
    }
    var now = clock.instant();
    switch (destination.deliver(List.of(log.lanes().outgoing(entry.get())))) {
      case Delivered.Taken() -> {
        log.database().run(tx -> log.store().release(tx, held.index()));
        trouble.released(held.index());
        taken = true;
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
      case Delivered.Gone gone -> {
        return Optional.of(new Passage.Halt(held.index(), gone));
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
    Duration wait =
        Backoff.after(tries, config.bounds().retryMin(), config.bounds().retryMax(), random);
    var after = new Held(held.index(), held.lane(), tries, refusals, why, since, now.plus(wait));
    log.database().run(tx -> log.store().tried(tx, after));
  }

  private void setAside(Held held, String why) {
    var aside = new Aside(held.index(), held.index(), 1, why, clock.instant());
    log.ledger()
        .transact(recording -> {
          log.store().release(recording.tx(), held.index());
          log.setAside(recording, aside);
          return true;
        });
    trouble.released(held.index());
  }
}
