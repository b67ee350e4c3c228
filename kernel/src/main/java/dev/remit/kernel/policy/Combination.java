package dev.remit.kernel.policy;

import dev.remit.kernel.identity.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Supplier;

/// How the answers of single policies become one answer. Pure; everything it needs is in the
/// [Findings], so that each rule can be tested by itself.
public enum Combination {
  /// The Cedar specification: policies that fail are skipped; a satisfied forbid denies; otherwise
  /// a satisfied permit allows; otherwise deny. Annotations mean nothing.
  CEDAR {
    @Override
    public Decision combine(Findings now, Supplier<Findings> ifApproved) {
      var forbids = now.satisfied(Effect.FORBID);
      var permits = now.satisfied(Effect.PERMIT);
      return forbids.isEmpty() && !permits.isEmpty()
          ? new Decision.Allow(ids(permits), now.errors())
          : new Decision.Deny(ids(forbids), now.errors(), List.of());
    }
  },

  /// Ours, which only restricts. In this order:
  ///
  /// 1. a forbid that fails, or is not decided yet, denies, beside those that are satisfied;
  /// 2. satisfied forbids deny, unless each of them is annotated `@hold` and the same request with
  ///    `context.approved` true would be allowed: then the answer is a hold;
  /// 3. otherwise a satisfied permit allows, unless a satisfied permit carries an obligation, which
  ///    nobody fulfils yet: that denies;
  /// 4. otherwise deny.
  REMIT {
    @Override
    public Decision combine(Findings now, Supplier<Findings> ifApproved) {
      if (now.hasDoubtfulForbid()) {
        return new Decision.Deny(now.forbidsAndDoubts(), now.errors(), List.of());
      }
      var forbids = now.satisfied(Effect.FORBID);
      if (forbids.isEmpty()) {
        return permitted(now);
      }
      return allHold(forbids) && isAllowed(ifApproved.get())
          ? held(forbids, now)
          : new Decision.Deny(ids(forbids), now.errors(), List.of());
    }
  },

  /// Whether some value of what is not known yet could be allowed or held under [#REMIT]: what a
  /// list may show. Never enough for a call.
  POSSIBLE {
    @Override
    public Decision combine(Findings now, Supplier<Findings> ifApproved) {
      return REMIT.combine(now.hopeful(), () -> ifApproved.get().hopeful());
    }
  };

  /// Combines what the policies answer.
  ///
  /// @param ifApproved what they answer to the same request with `context.approved` true; asked for
  ///   only when it matters
  public abstract Decision combine(Findings now, Supplier<Findings> ifApproved);

  private static boolean isAllowed(Findings findings) {
    return !findings.hasDoubtfulForbid()
        && findings.satisfied(Effect.FORBID).isEmpty()
        && permitted(findings) instanceof Decision.Allow;
  }

  private static Decision permitted(Findings now) {
    var permits = now.satisfied(Effect.PERMIT);
    if (permits.isEmpty()) {
      return new Decision.Deny(List.of(), now.errors(), List.of());
    }
    var obliging = permits.stream().filter(policy -> !policy.obligations().isEmpty()).toList();
    return obliging.isEmpty()
        ? new Decision.Allow(ids(permits), now.errors())
        : new Decision.Deny(ids(obliging), withUnfulfilled(now.errors(), obliging), List.of());
  }

  private static List<PolicyError> withUnfulfilled(
      List<PolicyError> errors, List<Policy> obliging) {
    var all = new ArrayList<>(errors);
    for (var policy : obliging) {
      for (var obligation : policy.obligations()) {
        var message = "the obligation `@" + obligation + "` cannot be fulfilled";
        all.add(new PolicyError(policy.id(), message));
      }
    }
    return all;
  }

  private static boolean allHold(List<Policy> forbids) {
    return forbids.stream().allMatch(policy -> policy.hold().isPresent());
  }

  private static Decision held(List<Policy> forbids, Findings now) {
    var roles = EnumSet.noneOf(Role.class);
    Duration patience = Hold.PATIENCE_MAX;
    for (var policy : forbids) {
      var hold = policy.hold().orElseThrow();
      roles.add(hold.role());
      patience = hold.patience().compareTo(patience) < 0 ? hold.patience() : patience;
    }
    return new Decision.Hold(ids(forbids), roles, patience, now.errors());
  }

  private static List<PolicyId> ids(List<Policy> policies) {
    var ids = new ArrayList<PolicyId>(policies.size());
    policies.forEach(policy -> ids.add(policy.id()));
    return ids;
  }
}
