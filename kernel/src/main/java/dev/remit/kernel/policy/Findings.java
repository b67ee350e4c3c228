package dev.remit.kernel.policy;

import java.util.ArrayList;
import java.util.List;

/// What the policies that cover one request answered, each for itself; a policy that is not
/// satisfied says nothing. [Combination] makes one answer of it.
///
/// @param answers in policy-set order
public record Findings(List<Answer> answers) {

  public Findings {
    answers = List.copyOf(answers);
  }

  /// What one policy answered.
  public sealed interface Answer {

    Policy policy();

    /// Its scope covers the request and its conditions hold.
    record Satisfied(Policy policy) implements Answer {}

    /// It could not be evaluated.
    ///
    /// @param message see [PolicyError#message]
    record Failed(Policy policy, String message) implements Answer {}

    /// It depends on a value that is not known.
    ///
    /// @param isPending whether that value may soon be known
    record Undecided(Policy policy, boolean isPending) implements Answer {}
  }

  List<Policy> satisfied(Effect effect) {
    var found = new ArrayList<Policy>(2);
    for (var answer : answers) {
      if (answer instanceof Answer.Satisfied(var policy) && policy.effect() == effect) {
        found.add(policy);
      }
    }
    return found;
  }

  /// Whether a forbid failed or is undecided for good: whether it forbids cannot be said.
  boolean hasDoubtfulForbid() {
    for (var answer : answers) {
      boolean doubtful =
          switch (answer) {
            case Answer.Satisfied _ -> false;
            case Answer.Failed _ -> true;
            case Answer.Undecided undecided -> !undecided.isPending();
          };
      if (doubtful && answer.policy().effect() == Effect.FORBID) {
        return true;
      }
    }
    return false;
  }

  /// Whether nothing but permits answered, and none of them is undecided.
  boolean isPlain() {
    for (var answer : answers) {
      if (answer.policy().effect() == Effect.FORBID || answer instanceof Answer.Undecided) {
        return false;
      }
    }
    return true;
  }

  /// The policies of `effect` that wait for a fact.
  List<Policy> pending(Effect effect) {
    var found = new ArrayList<Policy>(0);
    for (var answer : answers) {
      if (answer instanceof Answer.Undecided undecided
          && undecided.isPending()
          && undecided.policy().effect() == effect) {
        found.add(undecided.policy());
      }
    }
    return found;
  }

  /// The forbids that are satisfied or in doubt.
  List<PolicyId> forbidsAndDoubts() {
    var found = new ArrayList<PolicyId>(2);
    for (var answer : answers) {
      if (answer.policy().effect() == Effect.FORBID) {
        found.add(answer.policy().id());
      }
    }
    return found;
  }

  List<PolicyError> errors() {
    var found = new ArrayList<PolicyError>(0);
    for (var answer : answers) {
      switch (answer) {
        case Answer.Failed(var policy, var message) ->
            found.add(new PolicyError(policy.id(), message));
        case Answer.Undecided undecided ->
            found.add(
                new PolicyError(
                    undecided.policy().id(),
                    (undecided.isPending() ? Fault.PENDING : Fault.UNDECIDED).getMessage()));
        case Answer.Satisfied _ -> {}
      }
    }
    return found;
  }

  /// Returns these findings as if what is not known yet were the best it could be.
  Findings hopeful() {
    var best = new ArrayList<Answer>(answers.size());
    for (var answer : answers) {
      switch (answer) {
        case Answer.Undecided(var policy, _) when policy.effect() == Effect.PERMIT ->
            best.add(new Answer.Satisfied(policy));
        case Answer.Undecided _ -> {}
        case Answer.Satisfied satisfied -> best.add(satisfied);
        case Answer.Failed failed -> best.add(failed);
      }
    }
    return new Findings(best);
  }
}
