package dev.remit.kernel.identity;

import java.time.Instant;

/// Names one bounded piece of work with a declared intent.
///
/// @param value `task_` and 26 characters of lower-case Crockford base 32; sorts by time
public record TaskId(String value) implements Comparable<TaskId> {
  private static final String PREFIX = "task_";

  public TaskId {
    value = Ids.checked(PREFIX, value);
  }

  /// Mints an id that nobody can guess.
  public static TaskId fresh(Instant now) {
    return new TaskId(Ids.fresh(PREFIX, now));
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
