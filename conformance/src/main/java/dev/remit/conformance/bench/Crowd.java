package dev.remit.conformance.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Callers of one node, each on a connection of its own: a call, a pause, the next call, whatever
/// is answered. All use the same token, which can be changed under them.
final class Crowd implements AutoCloseable {
  private final InetSocketAddress target;
  private final long pauseMillis;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();
  private volatile Stretch stretch = new Stretch("", 0);
  private volatile boolean closed;

  /// The time under one token.
  private static final class Stretch {
    private final String token;
    private final int callers;
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    /// When the last call was sent that passed, by [System#nanoTime].
    private final AtomicLong lastPassed = new AtomicLong(Long.MIN_VALUE);

    private Stretch(String token, int callers) {
      this.token = token;
      this.callers = callers;
    }
  }

  private Crowd(InetSocketAddress target, long pauseMillis) {
    this.target = target;
    this.pauseMillis = pauseMillis;
  }

  static Crowd of(InetSocketAddress target, int callers, long pauseMillis) {
    var crowd = new Crowd(target, pauseMillis);
    for (int i = 0; i < callers; i++) {
      crowd.threads.add(Thread.startVirtualThread(crowd::call));
    }
    return crowd;
  }

  /// Calls with `token` from now on.
  void use(String token) {
    stretch = new Stretch(token, threads.size());
  }

  /// Waits until as many calls have passed as there are callers.
  void awaitAll() throws InterruptedException {
    await(stretch.passed, "let through");
  }

  /// Waits until as many calls were refused as there are callers, one for each more or less.
  ///
  /// @return when the last call that passed was sent, by [System#nanoTime]
  long awaitAllRefused() throws InterruptedException {
    await(stretch.refused, "refused");
    return stretch.lastPassed.get();
  }

  private void await(AtomicInteger count, String what) throws InterruptedException {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (count.get() < stretch.callers) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "within a minute only " + count + " calls at " + target + " were " + what);
      }
      Thread.sleep(5);
    }
  }

  /// A call that the suspension finds under way is cut, and its connection with it: the caller
  /// comes back on another one.
  private void call() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(pauseMillis));
      while (!closed) {
        callOnOneConnection();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void callOnOneConnection() throws InterruptedException {
    var now = stretch;
    try (var connection = new RawConnection(target)) {
      while (!closed) {
        now = stretch;
        if (now.callers > 0) {
          call(connection, now);
        }
        Thread.sleep(pauseMillis);
      }
    } catch (IOException e) {
      now.refused.incrementAndGet();
      Thread.sleep(pauseMillis);
    }
  }

  private void call(RawConnection connection, Stretch now) throws IOException {
    var request = Contender.call("/mcp/fast", target, now.token, ids.incrementAndGet());
    long sent = System.nanoTime();
    int status = connection.call(request);
    if (status == 200) {
      now.lastPassed.accumulateAndGet(sent, Math::max);
      now.passed.incrementAndGet();
    } else {
      now.refused.incrementAndGet();
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
