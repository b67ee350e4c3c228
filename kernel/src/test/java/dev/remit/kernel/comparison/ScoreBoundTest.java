package dev.remit.kernel.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The score bound against what others have published, and against what it claims.
class ScoreBoundTest {
  private static final double TWO_SIDED_95 = 0.975;

  /// Airway hyper-responsiveness before and after a transplantation (Bentur et al. 2009), as
  /// computed by Fagerland, Lydersen, Laake, "Recommended tests and confidence intervals for paired
  /// binomial proportions", Statistics in Medicine 33, 2014: -0.517 to -0.026.
  @Test
  void the_published_interval_of_an_airway_study_comes_out() {
    var counts = new PairCounts(1, 1, 7, 12);

    assertThat(counts.regression()).isCloseTo(-0.286, within(0.0005));
    assertThat(ScoreBound.lower(counts, TWO_SIDED_95)).isCloseTo(-0.517, within(0.0005));
    assertThat(ScoreBound.upper(counts, TWO_SIDED_95)).isCloseTo(-0.026, within(0.0005));
  }

  /// Soft contact lenses, 43 of 44 pairs alike and not one for the worse: the example of Tango 1998
  /// for tables that the older intervals cannot take. One-sided 95 %.
  @Test
  void a_table_with_an_empty_cell_has_bounds() {
    var counts = new PairCounts(43, 0, 1, 0);

    assertThat(ScoreBound.lower(counts, 0.95)).isCloseTo(-0.096, within(0.0005));
    assertThat(ScoreBound.upper(counts, 0.95)).isCloseTo(0.037, within(0.0005));
  }

  /// Tango 1998, section 3: against no difference the statistic is McNemar's.
  @ParameterizedTest
  @CsvSource({"16,9,86", "1,7,21", "40,20,160", "0,5,5"})
  void against_no_difference_it_is_mcnemars_test(int lost, int gained, int pairs) {
    assertThat(ScoreBound.statistic(lost, gained, pairs, 0))
        .isCloseTo((lost - gained) / Math.sqrt(lost + gained), within(1e-12));
  }

  /// Without a discordant pair the bound is what no trial of so many could show: z² / (n + z²).
  @ParameterizedTest
  @CsvSource({"1", "10", "29", "500"})
  void without_a_discordant_pair_the_bound_has_a_closed_form(int pairs) {
    double z = Normal.quantile(0.95);

    assertThat(ScoreBound.upper(new PairCounts(pairs, 0, 0, 0), 0.95))
        .isCloseTo(z * z / (pairs + z * z), within(1e-9));
  }

  @Test
  void quantiles_are_those_of_the_tables() {
    assertThat(Normal.quantile(0.95)).isCloseTo(1.6448536269514722, within(1e-12));
    assertThat(Normal.quantile(0.975)).isCloseTo(1.959963984540054, within(1e-12));
    assertThat(Normal.quantile(0.001)).isCloseTo(-3.090232306167813, within(1e-11));
  }

  @Test
  @Tag("R159")
  void more_regressions_never_make_the_bound_smaller() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      int lost = random.nextInt(40);
      int gained = random.nextInt(40);
      int both = 1 + random.nextInt(200);
      double bound = ScoreBound.upper(new PairCounts(both, lost, gained, 0), 0.95);

      assertThat(ScoreBound.upper(new PairCounts(both - 1, lost + 1, gained, 0), 0.95))
          .as("seed %d: %d %d %d", seed, both, lost, gained)
          .isGreaterThanOrEqualTo(bound - 1e-9);
      assertThat(bound).isGreaterThanOrEqualTo(-1).isLessThanOrEqualTo(1);
    }
  }
}
