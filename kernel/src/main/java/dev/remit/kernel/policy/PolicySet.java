package dev.remit.kernel.policy;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Findings.Answer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The policies that decide together, in their order. Immutable, and safe for any number of
/// threads.
public final class PolicySet {
  /// How many near misses a denial names at most.
  public static final int NEARLY_MAX = 3;

  private final List<Policy> policies;
  private final ScopeIndex index;

  /// Those that want somebody told.
  private final Map<PolicyId, Set<Role>> notifying = new HashMap<>();

  /// Makes the set of `policies`, in their order.
  ///
  /// @throws IllegalArgumentException if two policies share an id
  public PolicySet(List<Policy> policies) {
    this.policies = List.copyOf(policies);
    var ids = new HashSet<PolicyId>();
    for (var policy : policies) {
      if (!ids.add(policy.id())) {
        throw new IllegalArgumentException("policy `" + policy.id() + "` is there twice");
      }
      if (!policy.obligations().roles().isEmpty()) {
        notifying.put(policy.id(), policy.obligations().roles());
      }
    }
    this.index = new ScopeIndex(this.policies);
  }

  public List<Policy> policies() {
    return policies;
  }

  /// Answers `request`. Total: whatever the request holds, there is an answer.
  public Decision decide(Request request, Entities entities, Combination combination) {
    var now = evaluate(request, entities);
    return combination.combine(now, () -> evaluate(request.approved(), entities));
  }

  /// Returns whom the policies behind `decision` want told.
  public Set<Role> notified(Decision decision) {
    if (notifying.isEmpty()) {
      return Set.of();
    }
    var roles = EnumSet.noneOf(Role.class);
    decision.because().forEach(id -> roles.addAll(notifying.getOrDefault(id, Set.of())));
    return roles;
  }

  /// Returns what each policy answers for itself.
  public Findings evaluate(Request request, Entities entities) {
    var frame = new Frame(request, entities);
    var answers = new ArrayList<Answer>(4);
    for (int place : index.candidates(request, entities)) {
      var policy = policies.get(place);
      if (frame.isCoveredBy(policy.source())) {
        answer(policy, frame, answers);
      }
    }
    return new Findings(answers);
  }

  private static void answer(Policy policy, Frame frame, List<Answer> answers) {
    frame.restart();
    try {
      if (policy.holds(frame)) {
        answers.add(new Answer.Satisfied(policy));
      }
    } catch (Fault fault) {
      answers.add(
          fault.isUndecided()
              ? new Answer.Undecided(policy, fault == Fault.PENDING)
              : new Answer.Failed(policy, fault.getMessage()));
    }
  }

  /// Returns a few permits that would have permitted, but for one condition; and where there is
  /// none, but for one part of their scope.
  public List<NearMiss> nearly(Request request, Entities entities) {
    var frame = new Frame(request, entities);
    var byCondition = new ArrayList<NearMiss>();
    var byScope = new ArrayList<NearMiss>();
    for (var policy : policies) {
      if (policy.effect() != Effect.PERMIT || byCondition.size() == NEARLY_MAX) {
        continue;
      }
      var misses = new ArrayList<String>();
      policy.source().misses(request, entities, misses);
      if (misses.isEmpty()) {
        frame.restart();
        var failing = policy.failing(frame);
        if (failing != null) {
          byCondition.add(new NearMiss(policy.id(), failing));
        }
      } else if (misses.size() == 1 && byScope.size() < NEARLY_MAX) {
        byScope.add(new NearMiss(policy.id(), misses.getFirst()));
      }
    }
    return byCondition.isEmpty() ? byScope : byCondition;
  }
}
