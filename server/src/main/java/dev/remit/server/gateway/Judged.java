package dev.remit.server.gateway;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Question;

/// A request that policy has decided.
///
/// @param call what is sent if it may be: as it was asked, or narrowed
/// @param question what policy was asked
record Judged(Call call, Question question, Decided decided) implements Judging.Found {

  /// Whether it is sent on to its server.
  boolean goesOn() {
    return decided.isObserved()
        || switch (decided.decision()) {
          case Decision.Allow _, Decision.Modify _ -> true;
          case Decision.Hold _, Decision.Defer _, Decision.Deny _ -> false;
        };
  }
}
