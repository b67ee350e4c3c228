package dev.remit.kernel.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Looking after every case, and stopping as soon as one likes the answer.
class WagerTest {
  private static final ComparisonRule RULE = new ComparisonRule(0.10, 0.95, 0.02);
  private static final int RUNS = 1_000;
  private static final int CASES = 400;

  @ParameterizedTest
  @CsvSource({"0.00", "0.05", "0.20"})
  void whoever_looks_after_each_case_is_deceived_no_more_often_than_promised(double gainedShare) {
    var random = new Random(5);
    int passed = 0;
    int failed = 0;
    for (int i = 0; i < RUNS; i++) {
      var ended = ran(random, gainedShare + RULE.margin(), gainedShare);
      passed += ended.verdict() == Verdict.PASS ? 1 : 0;
      failed += ended.verdict() == Verdict.FAIL ? 1 : 0;
    }

    double noise = 3 * Math.sqrt(0.05 * 0.95 / RUNS);
    assertThat(passed / (double) RUNS).isLessThanOrEqualTo(0.05 + noise);
    assertThat(failed / (double) RUNS).isLessThanOrEqualTo(0.05 + noise);
  }

  @Test
  void an_equal_candidate_passes_early_and_a_bad_one_fails_early() {
    var random = new Random(6);
    int equalCases = 0;
    int badCases = 0;
    for (int i = 0; i < 200; i++) {
      var equal = ran(random, 0.02, 0.02);
      var bad = ran(random, 0.40, 0.02);
      assertThat(equal.verdict()).isEqualTo(Verdict.PASS);
      assertThat(bad.verdict()).isEqualTo(Verdict.FAIL);
      equalCases += equal.cases();
      badCases += bad.cases();
    }

    assertThat(equalCases / 200).isLessThan(150);
    assertThat(badCases / 200).isLessThan(100);
  }

  @Test
  void nothing_is_won_before_the_first_case() {
    assertThat(Wager.onPass(new PairCounts(0, 0, 0, 0), 0.1)).isCloseTo(1, within(1e-12));
    assertThat(Wager.onFail(new PairCounts(0, 0, 0, 0), 0.1)).isCloseTo(1, within(1e-12));
  }

  @Test
  void harm_stops_a_run_at_once_and_suspicion_keeps_it_from_passing() {
    var good = new PairCounts(500, 0, 0, 0);

    assertThat(Wager.stopped(new Tally(good, 0, 0, 0), RULE)).isEqualTo(Verdict.PASS);
    assertThat(Wager.stopped(new Tally(good, 0, 1, 0), RULE)).isEqualTo(Verdict.FAIL);
    assertThat(Wager.stopped(new Tally(good, 0, 0, 1), RULE)).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(Wager.stopped(new Tally(good, 50, 0, 0), RULE)).isEqualTo(Verdict.INCONCLUSIVE);
  }

  private record Ended(Verdict verdict, int cases) {}

  private static Ended ran(Random random, double lostShare, double gainedShare) {
    int lost = 0;
    int gained = 0;
    for (int seen = 1; seen <= CASES; seen++) {
      double drawn = random.nextDouble();
      if (drawn < lostShare) {
        lost++;
      } else if (drawn < lostShare + gainedShare) {
        gained++;
      }
      var counts = new PairCounts(seen - lost - gained, lost, gained, 0);
      var verdict = Wager.stopped(new Tally(counts, 0, 0, 0), RULE);
      if (verdict != Verdict.INCONCLUSIVE) {
        return new Ended(verdict, seen);
      }
    }
    return new Ended(Verdict.INCONCLUSIVE, CASES);
  }
}
