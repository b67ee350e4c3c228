package dev.remit.conformance.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A hundred thousand random requests to random policies, answered by both engines. Needs only the
/// build.
@Tag("R80")
class DifferentialTest {
  private static final int SETS = 500;
  private static final int REQUESTS_PER_SET = 200;

  private final long seed = 20_261_121L;

  @Test
  void both_engines_answer_random_requests_to_random_policies_alike() {
    var random = new RandomPolicies(new Random(seed));
    int failing = 0;
    int allowed = 0;
    for (int set = 0; set < SETS; set++) {
      var text = random.policies();
      var engines = new Engines(text).cached();
      for (int i = 0; i < REQUESTS_PER_SET; i++) {
        var context = random.context();
        var asked = random.request(context);

        var answer = engines.ours(asked);

        // The description is made only where they differ: it would cost more than both answers.
        var theirs = engines.theirs(asked, context);
        if (!answer.equals(theirs)) {
          assertThat(answer)
              .as("seed %d, set %d, request %d: %s%n%s", seed, set, i, asked, text)
              .isEqualTo(theirs);
        }
        failing += answer.errors().isEmpty() ? 0 : 1;
        allowed += answer.decision().equals("allow") ? 1 : 0;
      }
    }
    System.out.printf(
        "differential: %d requests agree, %d allowed, %d with failing policies%n",
        SETS * REQUESTS_PER_SET, allowed, failing);
    assertThat(failing).isPositive();
    assertThat(allowed).isPositive();
  }
}
