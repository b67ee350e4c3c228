package dev.remit.server.tokens;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Does something again and again until closed, on a thread of its own, and never in the middle of
/// being closed: a database call that is interrupted loses its connection.
final class Repeating implements AutoCloseable {
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private Repeating(String name, Duration every, Runnable work) {
    this.thread = Thread.ofVirtual().name(name).unstarted(() -> loop(every, work));
  }

  /// Begins with a pause of `every`. The work must not throw.
  static Repeating start(String name, Duration every, Runnable work) {
    var repeating = new Repeating(name, every, work);
    repeating.thread.start();
    return repeating;
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(STOP_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop(Duration every, Runnable work) {
    try {
      while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        work.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
