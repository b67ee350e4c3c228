package dev.remit.kernel.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlindSampleTest {
  private static final BlindSample BLIND = new BlindSample("5a".repeat(32));

  @Test
  void the_same_secret_draws_the_same_cases_and_sides_and_another_one_others() {
    var items = IntStream.range(0, 200).mapToObj(i -> "case-" + i).toList();
    var backwards = new java.util.ArrayList<>(items);
    Collections.reverse(backwards);

    assertThat(BLIND.sample(items, 20)).hasSize(20).isEqualTo(BLIND.sample(backwards, 20));
    var other = new BlindSample("5b".repeat(32));
    assertThat(other.sample(items, 20)).isNotEqualTo(BLIND.sample(items, 20));
    assertThat(other.commitment()).isNotEqualTo(BLIND.commitment());
    assertThat(items.stream().filter(BLIND::candidateFirst).count()).isBetween(70L, 130L);
  }
}
