package dev.remit.server.changes;

import dev.remit.kernel.identity.Word;
import java.util.Set;

/// How far a change has come.
///
/// ```
/// proposed → classified → evaluated → approved → canary → active ⇄ suspect → suspended → retired
/// ```
///
/// Every state may end in retired; canary, too, becomes suspect or suspended; who was suspended
/// comes back by a new change only.
public enum State implements Word {
  /// It is known that something differs, and not yet what that means.
  PROPOSED,

  /// Its axes, the grants it suspends and the evaluations it needs are known.
  CLASSIFIED,

  /// Every evaluation that it needs has passed, or it needs none.
  EVALUATED,

  /// Somebody else has agreed, or nobody had to.
  APPROVED,

  /// In use, and taken back at the first sign.
  CANARY,

  /// In use.
  ACTIVE,

  /// Behaves otherwise than approved: may only read.
  SUSPECT,

  /// Nothing is permitted with it.
  SUSPENDED,

  /// Over.
  RETIRED;

  /// Whether a change may go from this state to `next`.
  boolean leadsTo(State next) {
    return switch (this) {
      case PROPOSED -> Set.of(CLASSIFIED, RETIRED).contains(next);
      case CLASSIFIED -> Set.of(EVALUATED, SUSPENDED, RETIRED).contains(next);
      case EVALUATED -> Set.of(APPROVED, SUSPENDED, RETIRED).contains(next);
      case APPROVED -> Set.of(CANARY, ACTIVE, RETIRED).contains(next);
      case CANARY -> Set.of(ACTIVE, SUSPECT, SUSPENDED, RETIRED).contains(next);
      case ACTIVE -> Set.of(SUSPECT, SUSPENDED, RETIRED).contains(next);
      case SUSPECT -> Set.of(ACTIVE, SUSPENDED, RETIRED).contains(next);
      case SUSPENDED -> next == RETIRED;
      case RETIRED -> false;
    };
  }

  /// Whether what it is about is in use, or was until somebody stopped it.
  boolean isInForce() {
    return switch (this) {
      case CANARY, ACTIVE, SUSPECT, SUSPENDED -> true;
      case PROPOSED, CLASSIFIED, EVALUATED, APPROVED, RETIRED -> false;
    };
  }

  /// Whether everything may be done with it.
  boolean isGood() {
    return this == CANARY || this == ACTIVE;
  }
}
