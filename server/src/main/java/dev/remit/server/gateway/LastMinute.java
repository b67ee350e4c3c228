package dev.remit.server.gateway;

import java.time.Instant;

/// How much happened within the last 60 seconds, by seconds. Not for more than one thread at once.
final class LastMinute {
  private static final int SECONDS = 60;

  private final long[] second = new long[SECONDS];
  private final int[] count = new int[SECONDS];

  void add(Instant now) {
    long at = now.getEpochSecond();
    int slot = Math.floorMod(at, SECONDS);
    if (second[slot] != at) {
      second[slot] = at;
      count[slot] = 0;
    }
    count[slot]++;
  }

  /// What a clock that was set back has counted ahead of now is counted as well: doubt counts.
  long count(Instant now) {
    long since = now.getEpochSecond() - SECONDS;
    long all = 0;
    for (int slot = 0; slot < SECONDS; slot++) {
      if (second[slot] > since) {
        all += count[slot];
      }
    }
    return all;
  }
}
