package dev.remit.kernel.comparison;

/// The standard normal distribution.
///
/// Source: the series of Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical
/// Software 11 (4), 2004; accurate to about 1e-15 where it is used here.
final class Normal {
  private static final double SERIES_MAX = 7;
  private static final double HALF_LOG_TWO_PI = 0.9189385332046728;
  private static final int HALVINGS = 80;

  private Normal() {}

  /// The probability of at most `x`.
  static double below(double x) {
    if (x < -SERIES_MAX) {
      return 0;
    }
    if (x > SERIES_MAX) {
      return 1;
    }
    double sum = x;
    double term = x;
    double before = 0;
    for (double i = 3; sum != before; i += 2) {
      before = sum;
      term *= x * x / i;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-0.5 * x * x - HALF_LOG_TWO_PI);
  }

  /// The `x` with [#below] `probability`, which is between 0 and 1, neither included.
  static double quantile(double probability) {
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException("a quantile is of 0 to 1, was " + probability);
    }
    double low = -SERIES_MAX;
    double high = SERIES_MAX;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (below(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
