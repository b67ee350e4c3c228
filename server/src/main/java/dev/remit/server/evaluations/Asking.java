package dev.remit.server.evaluations;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Asks an endpoint one question and waits for the whole answer.
@FunctionalInterface
public interface Asking {

  /// One question.
  record Question(
      Optional<String> system, List<EvaluationCase.Said> messages, List<ObjectNode> tools) {
    public Question {
      messages = List.copyOf(messages);
      tools = List.copyOf(tools);
    }
  }

  /// Never throws for what the endpoint does; what it does wrong is an [Answer.Failed].
  Answer ask(Endpoint endpoint, Question question);
}
