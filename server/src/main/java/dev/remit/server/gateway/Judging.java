package dev.remit.server.gateway;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import dev.remit.server.tokens.TaskClaims;
import java.time.InstantSource;

/// Has policy decide one request by what its task has done so far, and counts what goes on in the
/// same step: of two calls at once, the second sees the first.
final class Judging {
  private final InstantSource clock;
  private final Decisions decisions;
  private final Narrower narrower;
  private final TaskUse use;
  private final Looking looking;

  Judging(
      InstantSource clock, Decisions decisions, Narrower narrower, TaskUse use, Looking looking) {
    this.clock = clock;
    this.decisions = decisions;
    this.narrower = narrower;
    this.use = use;
    this.looking = looking;
  }

  /// What comes of it.
  sealed interface Found permits Judged, Spent {}

  /// Others have spent the task's calls since coverage looked; policy was not asked.
  record Spent(Refusal.CallsSpent why) implements Found {}

  /// A decision about something that is not a call.
  record Weighed(Question question, Decided decided) {

    boolean goesOn() {
      return decided.isObserved() || decided.decision() instanceof Decision.Allow;
    }
  }

  /// The same for a credential: there is nothing to narrow.
  Weighed of(TaskClaims claims, Asked.OfItem asked) {
    var now = clock.instant();
    return use.weighed(
        claims,
        asked,
        now,
        task -> {
          var question =
              new Question(
                  claims.identity(),
                  task,
                  asked.action(),
                  asked.target(),
                  new Arguments.NotYet(),
                  CallFacts.NONE,
                  now);
          return new Weighed(question, decisions.decide(question));
        },
        Weighed::goesOn);
  }

  /// @param known what is known of the call beside what it says itself
  Found of(Call call, Asked asked, CallFacts known) {
    var now = clock.instant();
    var facts = known.with(looking.atArguments(call, asked));
    return use.judged(
        call.agent().claims(),
        asked,
        now,
        task -> {
          var question = call.question(asked, task, facts, now);
          return narrower.judged(call, asked, question, decisions.decide(question));
        });
  }
}
