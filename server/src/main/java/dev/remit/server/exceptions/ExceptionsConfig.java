package dev.remit.server.exceptions;

import java.time.Duration;

/// The local policy of exceptions.
///
/// @param lastsMax longest time for which a finding is accepted
/// @param answerWithin how long a second person may take to agree
public record ExceptionsConfig(Duration lastsMax, Duration answerWithin) {
  public static final ExceptionsConfig DEFAULT =
      new ExceptionsConfig(Duration.ofDays(90), Duration.ofHours(24));
}
