package dev.remit.kernel.policy;

import java.util.ArrayList;
import java.util.Comparator;
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

  /// Ours, which only restricts. From the strictest to the mildest:
  ///
  /// 1. **deny**: a forbid fails or is undecided for good, or a forbid is satisfied that neither
  ///    holds nor defers;
  /// 2. **defer**: otherwise, what is in the way is a satisfied forbid annotated `@defer`, or a
  ///    forbid or the only permit that waits for a fact;
  /// 3. **hold**: otherwise, what is in the way is annotated `@hold`, and the same request with
  ///    `context.approved` true would be allowed or modified;
  /// 4. **modify**: otherwise, a permit is satisfied, and a satisfied permit narrows;
  /// 5. **allow**: otherwise, a permit is satisfied;
  /// 6. **deny**: otherwise; and in place of 2 and 3 where waiting could not help.
  REMIT {
    @Override
    public Decision combine(Findings now, Supplier<Findings> ifApproved) {
      if (now.isPlain()) {
        return permitted(now);
      }
      if (now.hasDoubtfulForbid()) {
        return new Decision.Deny(now.forbidsAndDoubts(), now.errors(), List.of());
      }
      var forbids = now.satisfied(Effect.FORBID);
      var waiting = waiting(now);
      if (forbids.isEmpty() && waiting.isEmpty()) {
        return permitted(now);
      }
      var holding = forbids.stream().filter(policy -> policy.hold().isPresent()).toList();
      if (holding.size() + deferring(now).size() < forbids.size()) {
        return new Decision.Deny(ids(forbids), now.errors(), List.of());
      }
      var later = holding.isEmpty() ? now : ifApproved.get();
      if (isHopeless(later)) {
        return new Decision.Deny(ids(forbids), now.errors(), List.of());
      }
      waiting = waiting.isEmpty() ? waiting(later) : waiting;
      return waiting.isEmpty() ? held(holding, now) : deferred(waiting, now);
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

  /// What is in the way only for now.
  private static List<Policy> waiting(Findings found) {
    var waiting = new ArrayList<>(deferring(found));
    waiting.addAll(found.pending(Effect.FORBID));
    if (found.satisfied(Effect.PERMIT).isEmpty()) {
      waiting.addAll(found.pending(Effect.PERMIT));
    }
    return waiting;
  }

  private static List<Policy> deferring(Findings found) {
    return found.satisfied(Effect.FORBID).stream()
        .filter(policy -> policy.postponement().isPresent())
        .toList();
  }

  /// Whether it would be denied even if nothing were in the way for now.
  private static boolean isHopeless(Findings later) {
    boolean isForbidden =
        later.hasDoubtfulForbid()
            || later.satisfied(Effect.FORBID).size() > deferring(later).size();
    return isForbidden
        || (permitted(later) instanceof Decision.Deny && later.pending(Effect.PERMIT).isEmpty());
  }

  private static Decision permitted(Findings now) {
    var permits = now.satisfied(Effect.PERMIT);
    if (permits.isEmpty()) {
      return new Decision.Deny(List.of(), now.errors(), List.of());
    }
    var obligations = Obligations.of(permits);
    if (!obligations.narrows()) {
      return new Decision.Allow(ids(permits), now.errors());
    }
    var impossible = obligations.impossible();
    return impossible.isEmpty()
        ? new Decision.Modify(ids(permits), obligations, now.errors())
        : unfulfilled(permits, now.errors(), impossible.get());
  }

  /// Returns the denial of what `permits` permit under obligations that cannot be fulfilled.
  private static Decision unfulfilled(List<Policy> permits, List<PolicyError> errors, String why) {
    var obliging =
        permits.stream().filter(policy -> policy.obligations().narrows()).map(Policy::id).toList();
    return Decision.Deny.unfulfilled(obliging, errors, why);
  }

  private static Decision deferred(List<Policy> waiting, Findings now) {
    var retryAfter =
        waiting.stream()
            .map(policy -> policy.postponement().map(Postponement::retryAfter))
            .map(own -> own.orElse(Postponement.FACT_RETRY))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    return new Decision.Defer(ids(waiting), retryAfter, now.errors());
  }

  private static Decision held(List<Policy> forbids, Findings now) {
    var holds = forbids.stream().map(policy -> policy.hold().orElseThrow()).toList();
    var terms = holds.stream().map(Hold::terms).reduce(Terms::and).orElseThrow();
    var patience = holds.stream().map(Hold::patience).min(Comparator.naturalOrder()).orElseThrow();
    return new Decision.Hold(ids(forbids), terms, patience, now.errors());
  }

  private static List<PolicyId> ids(List<Policy> policies) {
    var ids = new ArrayList<PolicyId>(policies.size());
    policies.forEach(policy -> ids.add(policy.id()));
    return ids;
  }
}
