package dev.remit.kernel.policy;

import dev.remit.kernel.identity.Role;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What policy says about one request, and why.
///
/// One of exactly three outcomes. Handle them with a `switch` and no `default`, so that a fourth
/// outcome breaks the build everywhere it matters.
///
/// Combining rule: see [Combination]. Forbid over permit and deny by default are Cedar's; [Hold] is
/// ours and only ever restricts.
public sealed interface Decision {

  /// The policies that decided, in policy-set order. Empty only for a deny by default.
  List<PolicyId> because();

  /// The policies that could not be evaluated, in policy-set order; usually empty.
  List<PolicyError> errors();

  /// The outcome's name in answers and ledger entries: `allow`, `hold` or `deny`.
  String word();

  /// The call may proceed once. `because` is never empty.
  record Allow(List<PolicyId> because, List<PolicyError> errors) implements Decision {

    public Allow {
      because = List.copyOf(because);
      errors = List.copyOf(errors);
      if (because.isEmpty()) {
        throw new IllegalArgumentException("an allow names the policy that permits it");
      }
    }

    @Override
    public String word() {
      return "allow";
    }
  }

  /// A person must agree first, within `patience` (positive; the hold lapses to a deny after it).
  ///
  /// @param because the forbids that wait for an approval; never empty
  /// @param roles the person who agrees must hold every one of these; never empty
  record Hold(List<PolicyId> because, Set<Role> roles, Duration patience, List<PolicyError> errors)
      implements Decision {

    public Hold {
      because = List.copyOf(because);
      roles = Set.copyOf(roles.isEmpty() ? Set.of() : EnumSet.copyOf(roles));
      errors = List.copyOf(errors);
      if (because.isEmpty() || roles.isEmpty()) {
        throw new IllegalArgumentException("a hold names its policy and who may agree");
      }
      if (!patience.isPositive()) {
        throw new IllegalArgumentException("patience must be positive, was " + patience);
      }
    }

    @Override
    public String word() {
      return "hold";
    }
  }

  /// The call must not proceed. Also the answer when nothing matched: deny is the default.
  ///
  /// @param nearly permits that cover the request but whose condition did not hold; a few at most
  record Deny(List<PolicyId> because, List<PolicyError> errors, List<NearMiss> nearly)
      implements Decision {

    public Deny {
      because = List.copyOf(because);
      errors = List.copyOf(errors);
      nearly = List.copyOf(nearly);
    }

    @Override
    public String word() {
      return "deny";
    }
  }
}
