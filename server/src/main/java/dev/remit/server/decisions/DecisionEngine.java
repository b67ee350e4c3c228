package dev.remit.server.decisions;

import dev.remit.kernel.identity.Word;

/// Which engine gives the answers. Both are checked against each other whenever policies change.
public enum DecisionEngine implements Word {
  /// Our compiled evaluator: microseconds.
  COMPILED,

  /// cedar-java, the reference: a hundred times slower, and the way back if ours is ever in doubt.
  CEDAR
}
