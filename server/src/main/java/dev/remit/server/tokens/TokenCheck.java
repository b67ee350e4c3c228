package dev.remit.server.tokens;

import dev.remit.kernel.identity.TaskId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/// What [Tokens#check] found. Anything but [Good] is a refusal.
public sealed interface TokenCheck {

  /// Every check passed, standing included.
  record Good(TaskClaims claims) implements TokenCheck {}

  /// There was no token.
  record Missing() implements TokenCheck {}

  /// Not a token of ours, or one that was withdrawn.
  ///
  /// @param reasonCode a stable word such as `bad-signature`; see `docs/formats/task-token.md`
  record Invalid(String reasonCode) implements TokenCheck {}

  record Expired(Instant at) implements TokenCheck {}

  /// Ours, but for another resource.
  ///
  /// @param expected the resource that was asked
  record WrongAudience(URI expected) implements TokenCheck {}

  /// The task was completed or has run out; its tokens ended with it.
  record TaskEnded(TaskId task) implements TokenCheck {}

  /// Somebody said stop.
  ///
  /// @param kind `identity`, `workflow`, `person` (the workflow's owner), `resource`, `model` or
  ///   `key`
  /// @param name which one
  record Suspended(String kind, String name) implements TokenCheck {}

  /// This node has not heard of suspensions for too long to trust any token.
  record FeedStale(Duration age) implements TokenCheck {}
}
