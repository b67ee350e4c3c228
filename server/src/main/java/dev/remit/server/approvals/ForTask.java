package dev.remit.server.approvals;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.stream.Collectors;

/// To what further calls of the same kind, in the same task, somebody agrees beside the held one.
///
/// @param uses how many calls altogether, the held one included; 2 or more
/// @param until first instant at which it is over
/// @param free the names of the arguments that may be different in another call; all others must be
///   what they are in the held one, and there are no others. `*` stands for every name
public record ForTask(int uses, Instant until, Set<String> free) {
  static final String ANY = "*";
  static final int FREE_MAX = 20;
  static final int NAME_CHARS_MAX = 128;

  public ForTask {
    free = Set.copyOf(free);
    // As exactly as it is stored.
    until = until.truncatedTo(ChronoUnit.MICROS);
    if (uses < 2) {
      throw new IllegalArgumentException("for a task there are 2 uses or more, was " + uses);
    }
    if (free.size() > FREE_MAX
        || free.stream().anyMatch(name -> name.isBlank() || name.length() > NAME_CHARS_MAX)) {
      throw new IllegalArgumentException(
          "`free` is at most %d names of at most %d characters"
              .formatted(FREE_MAX, NAME_CHARS_MAX));
    }
  }

  /// The least that both allow.
  ForTask and(ForTask other) {
    Set<String> both =
        free.contains(ANY)
            ? other.free
            : other.free.contains(ANY)
                ? free
                : free.stream().filter(other.free::contains).collect(Collectors.toSet());
    return new ForTask(
        Math.min(uses, other.uses), until.isBefore(other.until) ? until : other.until, both);
  }
}
