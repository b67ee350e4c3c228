package dev.remit.conformance.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.policy.Findings.Answer;
import dev.remit.kernel.policy.Trace;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is explained is what was decided, for random policies and requests.
@Tag("R80")
class TraceTest {
  private static final int SETS = 150;

  private final long seed = 20_261_121L;

  /// What explanations and coverage are made of says of each policy what the evaluator says.
  @Test
  void a_trace_says_what_the_evaluator_says() {
    var entities = Cedar.entities(Cedar.JSON.readTree(RandomPolicies.ENTITIES));
    var random = new RandomPolicies(new Random(seed));
    int steps = 0;
    for (int set = 0; set < SETS; set++) {
      var text = random.policies();
      var ours = Cedar.compiled(Cedar.parsed(text));
      for (int i = 0; i < 20; i++) {
        var asked = random.request(random.context());
        var satisfied = new TreeSet<String>();
        var failed = new TreeSet<String>();
        for (var policy : ours.policies()) {
          var trace = policy.trace(asked, entities);
          steps += trace.steps().size();
          if (trace.covers() && trace.truth() == Trace.Truth.TRUE) {
            satisfied.add(policy.id().value());
          } else if (trace.truth() == Trace.Truth.FAILED) {
            failed.add(policy.id().value());
          }
        }

        var answers = ours.evaluate(asked, entities).answers();

        assertThat(ids(answers, Answer.Satisfied.class))
            .as("seed %d, set %d, request %d: %s%n%s", seed, set, i, asked, text)
            .isEqualTo(satisfied);
        assertThat(ids(answers, Answer.Failed.class))
            .as("seed %d, set %d, request %d: %s%n%s", seed, set, i, asked, text)
            .isEqualTo(failed);
      }
    }
    assertThat(steps).isPositive();
  }

  private static Set<String> ids(List<Answer> answers, Class<? extends Answer> kind) {
    return answers.stream()
        .filter(kind::isInstance)
        .map(answer -> answer.policy().id().value())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
