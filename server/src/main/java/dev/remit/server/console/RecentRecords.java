package dev.remit.server.console;

import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The [Recent] that pages show: counted when somebody looks, again when it is too old, and never
/// twice at once. While it is counted again pages show the one before, and say of when it is.
final class RecentRecords {
  private static final Logger LOG = LoggerFactory.getLogger(RecentRecords.class);

  /// How many records are looked at, of all logs together.
  static final int RECORDS_MAX = 10_000;

  private static final int PAGE = 1_000;

  /// So many times as old as counts may be, they are not shown any more.
  private static final int OLD = 6;

  private final Sources sources;
  private final AtomicReference<@Nullable Recent> last = new AtomicReference<>();
  private final AtomicBoolean counting = new AtomicBoolean();
  private final ReentrantLock oneAtATime = new ReentrantLock();

  RecentRecords(Sources sources) {
    this.sources = sources;
  }

  Recent get(Instant now) {
    var known = last.get();
    if (known == null || isOld(known, now)) {
      return countAtOnce(now);
    }
    if (Duration.between(known.at(), now).compareTo(sources.freshFor()) > 0
        && counting.compareAndSet(false, true)) {
      Thread.ofVirtual().name("console-recent").start(() -> countAgain(now));
    }
    return known;
  }

  /// Nobody has looked for so long that what was counted then says nothing of now.
  private boolean isOld(Recent known, Instant now) {
    return Duration.between(known.at(), now).compareTo(sources.freshFor().multipliedBy(OLD)) > 0;
  }

  private Recent countAtOnce(Instant now) {
    oneAtATime.lock();
    try {
      var known = last.get();
      if (known != null && !isOld(known, now)) {
        return known;
      }
      var counted = count(now);
      last.set(counted);
      return counted;
    } finally {
      oneAtATime.unlock();
    }
  }

  private void countAgain(Instant now) {
    try {
      last.set(count(now));
    } catch (DatabaseUnavailable e) {
      LOG.debug("the newest records are counted later", e);
    } catch (RuntimeException e) {
      LOG.error("the newest records could not be counted", e);
    } finally {
      counting.set(false);
    }
  }

  private Recent count(Instant now) {
    var counting = new Counting(sources.registered().get(), sources.findings().newest(), now);
    var logs = sources.logs().all().stream().filter(log -> !log.isRoot()).toList();
    int each = RECORDS_MAX / Math.max(1, logs.size());
    for (var log : logs) {
      var reader = sources.logs().reader(log);
      long next = Math.max(0, log.size() - each);
      while (next < log.size()) {
        var page = reader.page(next, (int) Math.min(PAGE, log.size() - next));
        if (page.isEmpty()) {
          break;
        }
        page.forEach(entry -> counting.add(log.node(), entry));
        next = page.getLast().index() + 1;
      }
    }
    return counting.counted();
  }
}
