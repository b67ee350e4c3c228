package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Word;
import java.util.Optional;

/// What became of a request that was sent on.
///
/// @param status the upstream's HTTP status, 0 if it gave none
/// @param bytes length of the answer
/// @param answer digest of the answer's bytes as the upstream sent them
public record Outcome(How how, int status, long bytes, Optional<Digest> answer) {

  /// In one word.
  public enum How implements Word {
    /// The upstream answered with a result.
    ANSWERED,

    /// The upstream answered that it failed.
    FAILED,

    /// The agent withdrew the request before there was an answer; in the modern era also by hanging
    /// up.
    CANCELLED,

    /// The upstream did not answer in time; it may have acted.
    TIMEOUT,

    /// The answer broke off, or was none; the upstream may have acted.
    UNKNOWN,

    /// Nothing was sent: the agent got the stored answer of the same call, made under an approval.
    REPLAYED,

    /// Stopped by us because somebody was suspended or the task ended.
    CUT
  }

  static Outcome without(How how) {
    return new Outcome(how, 0, 0, Optional.empty());
  }

  static Outcome of(How how, int status, byte[] answer) {
    return new Outcome(how, status, answer.length, Optional.of(Digest.of(answer)));
  }
}
