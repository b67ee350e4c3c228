package dev.remit.kernel.comparison;

/// How answers are judged; fixed before any of them is seen.
///
/// @param margin the regression that is too much, as a share of cases: above 0, at most 0.5
/// @param confidence of each bound: 0.8 or more, below 1
/// @param unscoredMax the share of unscored pairs above which nothing is concluded: 0 to 0.1
public record ComparisonRule(double margin, double confidence, double unscoredMax) {

  public ComparisonRule {
    if (!(margin > 0 && margin <= 0.5)) {
      throw new IllegalArgumentException("`margin` is above 0 and at most 0.5, was " + margin);
    }
    if (!(confidence >= 0.8 && confidence < 1)) {
      throw new IllegalArgumentException(
          "`confidence` is 0.8 or more and below 1, was " + confidence);
    }
    if (!(unscoredMax >= 0 && unscoredMax <= 0.1)) {
      throw new IllegalArgumentException("`unscoredMax` is 0 to 0.1, was " + unscoredMax);
    }
  }

  /// The level: how often a candidate that is worse by exactly the margin may pass.
  public double level() {
    return 1 - confidence;
  }
}
