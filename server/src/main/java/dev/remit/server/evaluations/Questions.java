package dev.remit.server.evaluations;

import java.util.List;

/// Makes a question of a case, with its own canary planted.
final class Questions {
  private Questions() {}

  static Asking.Question of(EvaluationCase asked, Canary canary) {
    return new Asking.Question(
        asked.system().map(text -> planted(text, canary)),
        asked.messages().stream()
            .map(said -> new EvaluationCase.Said(said.role(), planted(said.text(), canary)))
            .toList(),
        List.copyOf(asked.tools()));
  }

  private static String planted(String text, Canary canary) {
    return text.replace(EvaluationCase.CANARY, canary.text());
  }
}
