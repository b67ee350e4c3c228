package dev.remit.server.tokens;

import dev.remit.kernel.identity.TaskId;
import java.time.Duration;

/// Takes away what a task was given beside its tokens, once it has ended, and says how far that is.
public interface Aftermath {

  /// Waits for at most `max`.
  Ended of(TaskId task, Duration max);

  /// How far it is.
  ///
  /// @param gone credentials that are seen to be gone
  /// @param left credentials that are still being taken away
  /// @param took how long was waited for it
  record Ended(long gone, long left, Duration took) {

    /// Nothing was given.
    static final Ended NOTHING = new Ended(0, 0, Duration.ZERO);

    /// Returns what both came to, one after the other.
    Ended and(Ended next) {
      return new Ended(gone + next.gone, left + next.left, took.plus(next.took));
    }
  }
}
