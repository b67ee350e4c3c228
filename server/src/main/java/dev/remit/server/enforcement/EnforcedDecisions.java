package dev.remit.server.enforcement;

import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import java.util.List;

/// Answers as another does, and says with each answer whether it is enforced. For our own points of
/// enforcement; whoever asks from outside gets what policy says.
public record EnforcedDecisions(Decisions decisions, Enforcement enforcement) implements Decisions {

  @Override
  public Decided decide(Question question) {
    var decided = decisions.decide(question);
    return enforcement.observing(question.now()).map(decided::observedBy).orElse(decided);
  }

  @Override
  public List<Decided> decideAll(List<Question> questions) {
    var all = decisions.decideAll(questions);
    if (questions.isEmpty()) {
      return all;
    }
    return enforcement
        .observing(questions.getFirst().now())
        .map(id -> all.stream().map(decided -> decided.observedBy(id)).toList())
        .orElse(all);
  }
}
