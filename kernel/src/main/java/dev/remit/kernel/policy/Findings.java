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

    /// It depends on a value that is not known yet.
    record Undecided(Policy policy) implements Answer {}
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

  /// Whether a forbid failed or is undecided: whether it forbids cannot be said.
  boolean hasDoubtfulForbid() {
    for (var answer : answers) {
      if (!(answer instanceof Answer.Satisfied) && answer.policy().effect() == Effect.FORBID) {
        return true;
      }
    }
    return false;
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
        case Answer.Undecided(var policy) ->
            found.add(new PolicyError(policy.id(), Fault.UNDECIDED.getMessage()));
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
        case Answer.Undecided(var policy) when policy.effect() == Effect.PERMIT ->
            best.add(new Answer.Satisfied(policy));
        case Answer.Undecided _ -> {}
        case Answer.Satisfied _, Answer.Failed _ -> best.add(answer);
      }
    }
    return new Findings(best);
  }
}
