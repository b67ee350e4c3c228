package dev.remit.kernel.comparison;

/// Bounds on how much worse the candidate is, from paired answers: the efficient score of a
/// difference of paired proportions, inverted.
///
/// Holds where the usual interval breaks down: without any discordant pair it still says how far
/// the truth may be. Approximate in the number of pairs; [ExactTest] takes care of small ones.
///
/// Source: Tango, "Equivalence test and confidence interval for the difference in proportions for
/// the paired-sample design", Statistics in Medicine 17, 891–908, 1998.
public final class ScoreBound {
  private static final int HALVINGS = 60;

  private ScoreBound() {}

  /// The largest regression that `confidence` does not exclude, from -1 to 1: one-sided.
  ///
  /// @param confidence above 0.5 and below 1, such as 0.95
  public static double upper(PairCounts counts, double confidence) {
    int pairs = counts.pairs();
    if (pairs == 0) {
      return 1;
    }
    double critical = -critical(confidence);
    double low = counts.regression();
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (statistic(counts.lost(), counts.gained(), pairs, middle) >= critical) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /// The smallest regression that `confidence` does not exclude: one-sided.
  public static double lower(PairCounts counts, double confidence) {
    // What one side has lost, the other has gained.
    var turned =
        new PairCounts(
            counts.both(),
            /* lost= */ counts.gained(),
            /* gained= */ counts.lost(),
            counts.neither());
    return -upper(turned, confidence);
  }

  /// How many standard errors the counts lie above what a true regression of `supposed` would give;
  /// at 0 it is McNemar's statistic. The more negative, the better for the candidate.
  static double statistic(int lost, int gained, int pairs, double supposed) {
    // The likeliest share of `gained` if `supposed` were true: the larger root of a quadratic.
    double a = 2.0 * pairs;
    double b = -lost - gained + (2.0 * pairs - lost + gained) * supposed;
    double c = -gained * supposed * (1 - supposed);
    double share = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
    double variance = pairs * (2 * share + supposed * (1 - supposed));
    double above = lost - gained - pairs * supposed;
    if (variance > 1e-12) {
      return above / Math.sqrt(variance);
    }
    return Math.abs(above) < 1e-9 ? 0 : Math.copySign(Double.POSITIVE_INFINITY, above);
  }

  /// The number of standard errors that `confidence` stands for.
  static double critical(double confidence) {
    if (!(confidence > 0.5 && confidence < 1)) {
      throw new IllegalArgumentException("confidence is above 0.5 and below 1, was " + confidence);
    }
    return Normal.quantile(confidence);
  }
}
