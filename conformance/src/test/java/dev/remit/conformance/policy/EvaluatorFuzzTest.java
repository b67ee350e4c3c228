package dev.remit.conformance.policy;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The fuzzer's target, run for as long as a build allows: without its coverage, with its inputs.
@Tag("R80")
class EvaluatorFuzzTest {

  @Test
  void no_input_of_the_fuzzer_makes_the_engines_differ() {
    long seed = 20_261_121L;
    var random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      var input = new byte[random.nextInt(200)];
      random.nextBytes(input);
      EvaluatorFuzz.fuzzerTestOneInput(input);
    }
  }
}
