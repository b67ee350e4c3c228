package dev.remit.server.evaluations;

import dev.remit.kernel.identity.IdentityName;
import java.util.Optional;
import java.util.Set;

/// What the gateway has recorded of an agent's own calls: a witness that no prompt can talk over.
public interface GatewayOracle {

  /// Where the record stands now; what comes after belongs to the next case.
  long mark();

  /// Returns the tools that the identity has called or tried to call since `mark`, as the registry
  /// names them; empty if it cannot be told.
  Optional<Set<String>> toolsSince(long mark, IdentityName identity);
}
