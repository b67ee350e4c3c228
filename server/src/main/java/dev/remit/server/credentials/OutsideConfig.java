package dev.remit.server.credentials;

import java.time.Duration;

/// How long and how much is waited for, where a secret or a token lives elsewhere.
///
/// @param within longest that one question may take, its whole answer included
/// @param answerBytesMax most bytes of an answer
/// @param tokenLifeMax longest that an upstream's token is used, whatever the upstream says
/// @param staleFor how long the last value of a secret serves while its place cannot be reached
public record OutsideConfig(
    Duration within, int answerBytesMax, Duration tokenLifeMax, Duration staleFor) {
  public static final OutsideConfig DEFAULT =
      new OutsideConfig(
          Duration.ofSeconds(5), 64 * 1024, Duration.ofHours(1), Duration.ofMinutes(1));
}
