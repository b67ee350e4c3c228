package dev.remit.server.tokens;

import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.Listening;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps this node's [Losses] up with the database, and knows how old that knowledge is.
///
/// An announcement carries only a number. Whatever is newer than the last number applied is read
/// back in one statement, so a lost announcement costs at most one poll and a gap cannot stay.
/// While nothing is announced the head is asked every [TokenConfig#pollEvery].
final class StandingFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StandingFeed.class);

  private final Database database;
  private final StandingStore store = new StandingStore();
  private final Losses losses;
  private final Controls controls;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Listening listening;
  private final Repeating polling;

  private long applied;
  private volatile long heardNanos;

  private record News(long head, List<Loss> losses) {}

  /// Reads everything that matters now and starts to listen.
  ///
  /// @param nanos time that never jumps, see [System#nanoTime]
  StandingFeed(
      Database database,
      Losses losses,
      Controls controls,
      InstantSource clock,
      LongSupplier nanos,
      Duration pollEvery) {
    this.database = database;
    this.losses = losses;
    this.controls = controls;
    this.clock = clock;
    this.nanos = nanos;
    // Listen first, then read: what happens in between is announced.
    this.listening = database.listen(StandingStore.CHANNEL, this::announced, this::tryCatchUp);
    catchUp();
    controls.heard(known());
    this.polling = Repeating.start("standing-poll", pollEvery, this::poll);
  }

  /// How long ago this node last knew everything.
  Duration age() {
    return Duration.ofNanos(nanos.getAsLong() - heardNanos);
  }

  /// Applies everything that this node does not know yet.
  ///
  /// @throws DatabaseUnavailable when it cannot be asked; the age then keeps growing
  synchronized void catchUp() {
    long asked = nanos.getAsLong();
    var now = clock.instant();
    var news = database.transact(tx -> news(tx, now));
    news.losses().forEach(losses::add);
    // INVARIANT: numbers become visible in order, so nothing at or below these is still to come.
    applied = Math.max(applied, news.head());
    for (var loss : news.losses()) {
      applied = Math.max(applied, loss.seq());
    }
    heardNanos = asked;
  }

  @Override
  public void close() {
    polling.close();
    listening.close();
  }

  private News news(Tx tx, Instant now) {
    long head = store.head(tx);
    return head > applied
        ? new News(head, store.after(tx, applied, losses.endedSince(now), now))
        : new News(head, List.of());
  }

  private void announced(String payload) {
    if (Long.parseLong(payload) > known()) {
      tryCatchUp();
    }
  }

  private synchronized long known() {
    return applied;
  }

  private void tryCatchUp() {
    try {
      catchUp();
      controls.heard(known());
    } catch (DatabaseUnavailable e) {
      LOG.warn("cannot hear of suspensions, last heard {} ago: {}", age(), e.getMessage());
    } catch (RuntimeException e) {
      // The feed must outlive any surprise: its age then says that it hears nothing.
      LOG.error("reading suspensions failed, last heard {} ago", age(), e);
    }
  }

  private void poll() {
    tryCatchUp();
    losses.forget(clock.instant());
  }
}
