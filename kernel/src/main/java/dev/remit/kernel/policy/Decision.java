package dev.remit.kernel.policy;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What policy says about one request, and why.
///
/// One of exactly five outcomes. Handle them with a `switch` and no `default`, so that a sixth
/// outcome breaks the build everywhere it matters.
///
/// Combining rule: see [Combination]. Forbid over permit and deny by default are Cedar's; the other
/// three are ours and only ever restrict. From the strictest: deny, defer, hold, modify, allow.
public sealed interface Decision {

  /// The policies that decided, in policy-set order. Empty only for a deny by default.
  List<PolicyId> because();

  /// The policies that could not be evaluated, in policy-set order; usually empty.
  List<PolicyError> errors();

  /// The outcome's name in answers and ledger entries: `allow`, `modify`, `hold`, `defer` or
  /// `deny`.
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

  /// The call may proceed once, narrowed as `obligations` say, and not at all if one of them cannot
  /// be fulfilled.
  ///
  /// @param because every permit that is satisfied, obliging or not; never empty
  /// @param obligations at least one that narrows the arguments or the result
  record Modify(List<PolicyId> because, Obligations obligations, List<PolicyError> errors)
      implements Decision {

    public Modify {
      because = List.copyOf(because);
      errors = List.copyOf(errors);
      if (because.isEmpty() || !obligations.narrows()) {
        throw new IllegalArgumentException("a modify names its policy and what it narrows");
      }
    }

    @Override
    public String word() {
      return "modify";
    }
  }

  /// A person must agree first, within `patience` (positive; the hold lapses to a deny after it).
  ///
  /// @param because the forbids that wait for an approval; never empty
  /// @param terms who must agree, and to how much they may
  record Hold(List<PolicyId> because, Terms terms, Duration patience, List<PolicyError> errors)
      implements Decision {

    public Hold {
      because = List.copyOf(because);
      errors = List.copyOf(errors);
      if (because.isEmpty()) {
        throw new IllegalArgumentException("a hold names its policy");
      }
      if (!patience.isPositive()) {
        throw new IllegalArgumentException("patience must be positive, was " + patience);
      }
    }

    /// One that asks for somebody with each of `roles`, for this one call.
    public Hold(
        List<PolicyId> because, Set<Role> roles, Duration patience, List<PolicyError> errors) {
      this(because, Terms.of(roles), patience, errors);
    }

    /// Every role that somebody has to hold.
    public Set<Role> roles() {
      return terms.roles();
    }

    @Override
    public String word() {
      return "hold";
    }
  }

  /// It cannot be said yet, and the call must not proceed: a fact is missing, or now is not the
  /// time.
  ///
  /// @param because the policies that wait; never empty
  /// @param retryAfter when to ask again; positive. No promise that the answer will be another
  record Defer(List<PolicyId> because, Duration retryAfter, List<PolicyError> errors)
      implements Decision {

    public Defer {
      because = List.copyOf(because);
      errors = List.copyOf(errors);
      if (because.isEmpty() || !retryAfter.isPositive()) {
        throw new IllegalArgumentException("a defer names its policy and when to ask again");
      }
    }

    @Override
    public String word() {
      return "defer";
    }
  }

  /// The call must not proceed. Also the answer when nothing matched: deny is the default.
  ///
  /// @param because the forbids; or, of [Ground#UNFULFILLED], the permits that oblige
  /// @param nearly permits that cover the request but whose condition did not hold; a few at most
  record Deny(
      Ground ground, List<PolicyId> because, List<PolicyError> errors, List<NearMiss> nearly)
      implements Decision {

    /// A denial by the forbids in `because`, or by default where there are none.
    public Deny(List<PolicyId> because, List<PolicyError> errors, List<NearMiss> nearly) {
      this(because.isEmpty() ? Ground.NOT_PERMITTED : Ground.FORBIDDEN, because, errors, nearly);
    }

    /// A denial because `why`, an obligation of the permits `obliging`, cannot be fulfilled.
    public static Deny unfulfilled(List<PolicyId> obliging, List<PolicyError> errors, String why) {
      var all = new ArrayList<>(errors);
      var message = "the obligation cannot be fulfilled: " + why;
      obliging.forEach(policy -> all.add(new PolicyError(policy, message)));
      return new Deny(Ground.UNFULFILLED, obliging, all, List.of());
    }

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

  /// Why a call is denied, in one word.
  enum Ground implements Word {
    /// No permit is satisfied.
    NOT_PERMITTED,

    /// A forbid is satisfied, or whether it is cannot be said.
    FORBIDDEN,

    /// It is permitted under an obligation that cannot be fulfilled.
    UNFULFILLED
  }
}
