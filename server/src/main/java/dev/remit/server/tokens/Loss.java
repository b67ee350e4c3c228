package dev.remit.server.tokens;

import dev.remit.kernel.identity.TaskId;
import java.time.Instant;

/// One durable taking-away of authority, as every node must come to know it.
sealed interface Loss {

  /// Its place among all of them.
  long seq();

  /// A suspension, or the end of one.
  record Standing(long seq, PartyStanding standing) implements Loss {}

  record TaskEnd(long seq, TaskId task, Instant at) implements Loss {}

  /// Nothing that this key signed holds any more.
  record KeyRevoked(long seq, String kid) implements Loss {}

  /// One token was withdrawn; it would have expired at `expiresAt`.
  record Withdrawal(long seq, String jti, Instant expiresAt) implements Loss {}
}
