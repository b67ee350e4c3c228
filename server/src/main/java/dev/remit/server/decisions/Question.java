package dev.remit.server.decisions;

import dev.remit.kernel.identity.IdentityName;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/// One question to policy. Workflow, autonomy, stage, effects and data classes are not part of it:
/// they come from the registry snapshot that the active policies were validated against.
///
/// @param identity who asks
/// @param task in which task
/// @param action what for
/// @param target of what; [Target.OfTool] exactly when `action` is [Action#CALL], [Target.OfModel]
///   exactly when it is [of a model][Action#isOfModel]
/// @param arguments with which arguments
/// @param now when
public record Question(
    IdentityName identity,
    TaskFacts task,
    Action action,
    Target target,
    Arguments arguments,
    CallFacts facts,
    Instant now) {

  /// The same question about other arguments.
  public Question with(JsonNode others) {
    return new Question(identity, task, action, target, new Arguments.Given(others), facts, now);
  }

  /// The question that the delegator with that number would have asked: with the same use, for only
  /// those who delegated to it.
  Question asDelegator(int number) {
    return new Question(
        task.delegators().get(number),
        task.delegatedBy(task.delegators().subList(0, number)),
        action,
        target,
        arguments,
        facts,
        now);
  }

  public Question {
    if ((action == Action.CALL) != target instanceof Target.OfTool
        || action.isOfModel() != target instanceof Target.OfModel) {
      throw new IllegalArgumentException(
          "`" + action.word() + "` cannot be asked of " + target.getClass().getSimpleName());
    }
  }
}
