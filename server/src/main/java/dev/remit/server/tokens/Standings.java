package dev.remit.server.tokens;

import java.time.Instant;
import java.util.function.Consumer;

/// The kill switch: which identities, workflows and people are stopped, known in memory at every
/// node.
@SuppressWarnings("DoNotCallSuggester")
public final class Standings {

  /// Stops `party` everywhere: every token beneath it, also cached ones, is refused from now on.
  ///
  /// @param by the person who said so
  /// @return the standing that holds now
  public PartyStanding suspend(Party party, String by, String reason, Instant now) {
    throw new UnsupportedOperationException("being built");
  }

  /// Lets `party` act again. Tokens from before the suspension stay dead.
  public PartyStanding resume(Party party, String by, String reason, Instant now) {
    throw new UnsupportedOperationException("being built");
  }

  public boolean isSuspended(Party party) {
    throw new UnsupportedOperationException("being built");
  }

  /// Calls `listener` for each suspension, said at any node, so that open calls are cut. It must
  /// not block.
  public void onSuspended(Consumer<Party> listener) {
    throw new UnsupportedOperationException("being built");
  }
}
