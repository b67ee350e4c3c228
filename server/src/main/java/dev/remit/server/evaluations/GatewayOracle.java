package dev.remit.server.evaluations;

import dev.remit.kernel.identity.IdentityName;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What the gateway has recorded of an agent's own calls: a witness that no prompt can talk over.
public interface GatewayOracle {
  /// Stands among the tools for any planted canary that was seen in what the agent sent or got.
  String CANARY = "canary";

  /// Where the record stands, and when; what comes after belongs to the next case.
  record Mark(long index, Instant at) {}

  Mark mark();

  /// Returns the tools that the identity has called or tried to call since `mark`, as the registry
  /// names them, and [#CANARY]; empty if it cannot be told.
  Optional<Set<String>> toolsSince(Mark mark, IdentityName identity);
}
