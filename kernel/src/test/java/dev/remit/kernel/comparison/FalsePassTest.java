package dev.remit.kernel.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How often a candidate passes that is worse by exactly the margin, over thousands of generated
/// comparisons and by counting: near its nominal level, and never beyond it where it is exact.
class FalsePassTest {
  private static final double CONFIDENCE = 0.95;
  private static final int COMPARISONS = 20_000;

  /// Three standard errors of a share of 0.05 in so many comparisons.
  private static final double NOISE = 3 * Math.sqrt(0.05 * 0.95 / COMPARISONS);

  @ParameterizedTest
  @CsvSource({
    "60,  0.10, 0.00",
    "60,  0.10, 0.05",
    "60,  0.10, 0.20",
    "150, 0.05, 0.02",
    "150, 0.05, 0.10",
    "500, 0.05, 0.00",
    "500, 0.05, 0.02",
    "500, 0.05, 0.10",
    "500, 0.03, 0.05"
  })
  @Tag("R156")
  void at_the_margin_a_candidate_passes_no_more_often_than_promised(
      int pairs, double margin, double gainedShare) {
    long seed = 20_261_122L + pairs;
    var random = new Random(seed);
    double critical = ExactTest.critical(pairs, margin, CONFIDENCE);
    int passed = 0;
    for (int i = 0; i < COMPARISONS; i++) {
      var counts = generated(random, pairs, gainedShare + margin, gainedShare);
      passed +=
          ScoreBound.statistic(counts.lost(), counts.gained(), pairs, margin) <= critical ? 1 : 0;
    }

    double share = (double) passed / COMPARISONS;

    double above = pairs > ExactTest.PAIRS_MAX ? 0.005 : 0;
    assertThat(share)
        .as("false passes at the margin, %d pairs, margin %s, seed %d", pairs, margin, seed)
        .isLessThanOrEqualTo(0.05 + above + NOISE);
    // A test that never passes anybody would keep its level, too.
    assertThat(share).isGreaterThan(0.01);
  }

  /// The whole verdict, rule by rule, not only the statistic.
  @Test
  @Tag("R156")
  void verdicts_at_the_margin_are_seldom_a_pass_and_seldom_a_fail() {
    var rule = new ComparisonRule(0.10, CONFIDENCE, 0.02);
    var random = new Random(7);
    int passed = 0;
    int failed = 0;
    int runs = 300;
    for (int i = 0; i < runs; i++) {
      var counts = generated(random, 80, 0.15, 0.05);
      var said = AxisVerdict.of(Axis.JAILBREAK, new Tally(counts, 0, 0, 0), rule).verdict();
      passed += said == Verdict.PASS ? 1 : 0;
      failed += said == Verdict.FAIL ? 1 : 0;
    }

    assertThat(passed).isLessThanOrEqualTo((int) (runs * 0.05 + 3 * Math.sqrt(runs * 0.0475)));
    assertThat(failed).isLessThanOrEqualTo((int) (runs * 0.06 + 3 * Math.sqrt(runs * 0.0475)));
    assertThat(passed + failed).isPositive();
  }

  /// By counting instead of drawing: over every share of discordant pairs, also between those that
  /// the test itself looks at.
  @ParameterizedTest
  @CsvSource({"5, 0.3", "20, 0.10", "37, 0.07", "90, 0.05", "200, 0.03"})
  void the_level_is_kept_with_few_pairs_whatever_share_is_discordant(int pairs, double margin) {
    double critical = ExactTest.critical(pairs, margin, CONFIDENCE);

    assertThat(worst(pairs, margin, critical)).isLessThanOrEqualTo(0.0505);
  }

  @ParameterizedTest
  @CsvSource({"400, 0.05", "400, 0.02", "600, 0.10"})
  void beyond_that_the_approximation_is_within_a_tenth_of_the_level(int pairs, double margin) {
    double critical = ExactTest.critical(pairs, margin, CONFIDENCE);

    assertThat(worst(pairs, margin, critical)).isLessThanOrEqualTo(0.055);
  }

  private static double worst(int pairs, double margin, double critical) {
    var choose = new LogChoose(pairs);
    double worst = 0;
    for (int i = 0; i <= 40; i++) {
      double gained = Math.pow(i / 40.0, 2) * 0.97 * (1 - margin) / 2;
      worst = Math.max(worst, size(pairs, margin, critical, gained, choose));
    }
    return worst;
  }

  private static double size(
      int pairs, double margin, double critical, double gainedShare, LogChoose choose) {
    double size = 0;
    for (int lost = 0; lost <= pairs; lost++) {
      // The statistic falls as more is gained, so what passes is a tail.
      for (int gained = pairs - lost; gained >= 0; gained--) {
        if (ScoreBound.statistic(lost, gained, pairs, margin) > critical) {
          break;
        }
        size += choose.probability(lost, gainedShare + margin, gained, gainedShare);
      }
    }
    return size;
  }

  static PairCounts generated(Random random, int pairs, double lostShare, double gainedShare) {
    int lost = 0;
    int gained = 0;
    for (int i = 0; i < pairs; i++) {
      double drawn = random.nextDouble();
      if (drawn < lostShare) {
        lost++;
      } else if (drawn < lostShare + gainedShare) {
        gained++;
      }
    }
    return new PairCounts(pairs - lost - gained, lost, gained, 0);
  }
}
