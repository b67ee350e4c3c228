package dev.remit.server.export;

import java.time.Duration;
import java.util.Optional;

/// What a destination did with what was sent to it. Only what it has taken is done.
public sealed interface Delivered {

  /// It has acknowledged all of it.
  record Taken() implements Delivered {}

  /// It has kept all but so many, does not say which, and must not be sent the rest again.
  record TakenInPart(long refused, String why) implements Delivered {}

  /// It will not take this, however often it comes: the fault is in what was sent.
  record Refused(String why) implements Delivered {}

  /// It failed at this, and says nothing of what else it would take.
  record Failed(String why) implements Delivered {}

  /// It takes nothing now; for so long at least, if it says so.
  record Later(Optional<Duration> notBefore, String why) implements Delivered {
    public Later(String why) {
      this(Optional.empty(), why);
    }
  }

  /// It wants nothing more, ever.
  record Gone(String why) implements Delivered {}
}
