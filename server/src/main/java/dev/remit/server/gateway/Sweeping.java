package dev.remit.server.gateway;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cleans up now and then, on a thread of its own, until closed.
final class Sweeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeping.class);
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private Sweeping(Duration every, Runnable work) {
    this.thread = Thread.ofVirtual().name("gateway-sweep").unstarted(() -> loop(every, work));
  }

  static Sweeping start(Duration every, Runnable work) {
    var sweeping = new Sweeping(every, work);
    sweeping.thread.start();
    return sweeping;
  }

  private void loop(Duration every, Runnable work) {
    try {
      while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        sweep(work);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sweep(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // The next sweep finds what this one has left.
      LOG.warn("sweeping failed", e);
    }
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
}
