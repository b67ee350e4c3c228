package dev.remit.server.lending;

/// Wakes whoever waits for something to have happened, also if it happened before they waited.
final class Bell {
  // Guarded by this.
  private long rung;

  synchronized void ring() {
    rung++;
    notifyAll();
  }

  synchronized long count() {
    return rung;
  }

  /// Waits until it has rung more often than `heard`, until `end` by [System#nanoTime].
  ///
  /// @return false if the time ran out
  synchronized boolean await(long heard, long end) {
    while (rung == heard) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return false;
      }
      try {
        wait(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
