package dev.remit.kernel.policy;

import java.time.Duration;
import java.time.format.DateTimeParseException;

/// Durations in annotations.
final class Periods {

  private Periods() {}

  /// Returns the duration that `@annotation` says in ISO 8601.
  ///
  /// @throws UnreadablePolicy if it is none, or not within `min` and `max`
  static Duration read(String annotation, String text, Duration min, Duration max) {
    Duration found;
    try {
      found = Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new UnreadablePolicy(
          "`@" + annotation + "(\"" + text + "\")` is no duration such as `PT30M` (ISO 8601)");
    }
    if (found.compareTo(min) < 0 || found.compareTo(max) > 0) {
      throw new UnreadablePolicy(
          "`@%s(\"%s\")` is not within %s".formatted(annotation, text, words(max)));
    }
    return found;
  }

  private static String words(Duration max) {
    return max.toDays() + " days";
  }
}
