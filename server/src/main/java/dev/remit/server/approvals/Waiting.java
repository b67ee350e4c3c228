package dev.remit.server.approvals;

import dev.remit.kernel.identity.ApprovalId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Those who wait for an approval to change, and what wakes them.
///
/// A waiter is entered before it reads the row, so a change is either read or heard of.
final class Waiting {
  /// However many wake up at once, they must not take the whole pool of connections for so long
  /// that somebody else gives up waiting for one.
  private static final int READERS_MAX = 3;

  private final Map<String, Set<CountDownLatch>> waiters = new ConcurrentHashMap<>();
  private final Semaphore readers = new Semaphore(READERS_MAX, true);

  <T> T until(ApprovalId id, Duration patience, Supplier<T> read, Predicate<T> done)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      var latch = new CountDownLatch(1);
      waiters.computeIfAbsent(id.value(), _ -> ConcurrentHashMap.newKeySet()).add(latch);
      try {
        T found = read(read);
        long left = deadline - System.nanoTime();
        if (done.test(found) || left <= 0 || !latch.await(left, TimeUnit.NANOSECONDS)) {
          return done.test(found) || left <= 0 ? found : read(read);
        }
      } finally {
        leave(id.value(), latch);
      }
    }
  }

  private <T> T read(Supplier<T> read) throws InterruptedException {
    readers.acquire();
    try {
      return read.get();
    } finally {
      readers.release();
    }
  }

  void wake(String id) {
    waiters.getOrDefault(id, Set.of()).forEach(CountDownLatch::countDown);
  }

  void wakeAll() {
    waiters.values().forEach(latches -> latches.forEach(CountDownLatch::countDown));
  }

  int count() {
    return waiters.size();
  }

  private void leave(String id, CountDownLatch latch) {
    waiters.computeIfPresent(
        id,
        (_, latches) -> {
          latches.remove(latch);
          return latches.isEmpty() ? null : latches;
        });
  }
}
