package dev.remit.kernel.comparison;

import java.util.Optional;

/// What a suite can show at all: the smallest margin against which a candidate that is truly no
/// worse would be seen to pass. Said before a run, so that nobody asks of forty cases what takes
/// four hundred.
public final class SmallestMargin {
  private static final double STEP = 0.005;
  private static final double MARGIN_MAX = 0.5;
  private static final double NEGLIGIBLE = 1e-10;

  private SmallestMargin() {}

  /// Returns the smallest margin, in steps of 0.005 up to 0.5, that `pairs` support; empty if none.
  ///
  /// @param confidence of the test, such as 0.95
  /// @param power how often an equal candidate must pass, such as 0.8
  /// @param discordance the share of pairs in which two equal versions differ by chance, such as
  ///   0.05; half of them in each direction
  public static Optional<Double> supportedBy(
      int pairs, double confidence, double power, double discordance) {
    if (pairs < 1) {
      return Optional.empty();
    }
    int low = 0;
    int high = (int) Math.round(MARGIN_MAX / STEP);
    if (passes(pairs, high * STEP, confidence, discordance) < power) {
      return Optional.empty();
    }
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (passes(pairs, middle * STEP, confidence, discordance) >= power) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return Optional.of(high * STEP);
  }

  /// How often a candidate passes against `margin` that differs from the baseline in `discordance`
  /// of the pairs, as often for the better as for the worse.
  public static double passes(int pairs, double margin, double confidence, double discordance) {
    double critical = ExactTest.critical(pairs, margin, confidence);
    var choose = new LogChoose(pairs);
    double share = discordance / 2;
    double passes = 0;
    for (int lost = 0; lost <= pairs; lost++) {
      double likeliest = 0;
      for (int gained = 0; gained <= pairs - lost; gained++) {
        double probability = choose.probability(lost, share, gained, share);
        likeliest = Math.max(likeliest, probability);
        if (probability < NEGLIGIBLE && gained > pairs * share) {
          break;
        }
        if (ScoreBound.statistic(lost, gained, pairs, margin) <= critical) {
          passes += probability;
        }
      }
      if (likeliest < NEGLIGIBLE && lost > pairs * share) {
        break;
      }
    }
    return passes;
  }
}
