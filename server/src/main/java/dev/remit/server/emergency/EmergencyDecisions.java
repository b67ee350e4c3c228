package dev.remit.server.emergency;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import java.util.ArrayList;
import java.util.List;

/// Answers as another does, and says of a no that an emergency covers by which it may go on. What
/// policy allows or narrows needs none. For our own points of enforcement; whoever carries on must
/// [take][Emergencies#use] the call first.
public record EmergencyDecisions(Decisions decisions, Emergencies emergencies)
    implements Decisions {

  @Override
  public Decided decide(Question question) {
    return lifted(question, decisions.decide(question));
  }

  @Override
  public List<Decided> decideAll(List<Question> questions) {
    var all = decisions.decideAll(questions);
    var lifted = new ArrayList<Decided>(all.size());
    for (int i = 0; i < all.size(); i++) {
      lifted.add(lifted(questions.get(i), all.get(i)));
    }
    return lifted;
  }

  private Decided lifted(Question question, Decided decided) {
    if (decided.isObserved()) {
      return decided;
    }
    return switch (decided.decision()) {
      case Decision.Allow _, Decision.Modify _ -> decided;
      case Decision.Hold _, Decision.Deny _, Decision.Defer _ ->
          emergencies.covering(question).map(decided::observedBy).orElse(decided);
    };
  }
}
