package dev.remit.kernel.comparison;

import java.util.Arrays;

/// The test of [ScoreBound] with small numbers of pairs, kept to its level by counting: the
/// critical value is drawn in until, whatever the share of discordant pairs may be, a candidate
/// that is worse by exactly the margin passes no more often than `1 - confidence`.
///
/// Source: Hsueh, Liu, Chen, "Unconditional exact tests for equivalence or noninferiority for
/// paired binary endpoints", Biometrics 57, 478–483, 2001. The supremum over the unknown share is
/// taken over [#SHARES] values, closer to each other where few pairs are discordant.
public final class ExactTest {
  /// Up to so many pairs the level is counted; beyond, the approximation is within a tenth of it.
  public static final int PAIRS_MAX = 200;

  static final int SHARES = 96;

  private ExactTest() {}

  /// The largest value of the statistic at which a candidate passes against `margin`.
  ///
  /// @param pairs 1 or more
  /// @param margin above 0, below 1
  public static double critical(int pairs, double margin, double confidence) {
    double approximate = -ScoreBound.critical(confidence);
    if (pairs > PAIRS_MAX) {
      return approximate;
    }
    var outcomes = Outcomes.of(pairs, margin, approximate);
    double critical = approximate;
    for (int i = 0; i < SHARES; i++) {
      // Squared, since few discordant pairs are what makes the approximation poor.
      double at = (double) i / (SHARES - 1);
      double gained = at * at * (1 - margin) / 2;
      critical = Math.min(critical, outcomes.drawnIn(gained, margin, 1 - confidence));
    }
    return critical;
  }

  /// The possible results of a comparison at which a candidate could pass, best first.
  ///
  /// @param order each as `lost * (pairs + 1) + gained`
  @SuppressWarnings("ArrayRecordComponent") // Lives for one computation.
  private record Outcomes(int pairs, int[] order, double[] statistics, LogChoose choose) {

    static Outcomes of(int pairs, double margin, double limit) {
      var found = new double[(pairs + 1) * (pairs + 2) / 2][];
      int count = 0;
      for (int lost = 0; lost <= pairs; lost++) {
        for (int gained = 0; gained <= pairs - lost; gained++) {
          double statistic = ScoreBound.statistic(lost, gained, pairs, margin);
          if (statistic < limit) {
            found[count++] = new double[] {statistic, lost * (pairs + 1.0) + gained};
          }
        }
      }
      var passing = Arrays.copyOf(found, count);
      Arrays.sort(passing, (one, other) -> Double.compare(one[0], other[0]));
      var order = Arrays.stream(passing).mapToInt(one -> (int) one[1]).toArray();
      var statistics = Arrays.stream(passing).mapToDouble(one -> one[0]).toArray();
      return new Outcomes(pairs, order, statistics, new LogChoose(pairs));
    }

    /// Returns how far the critical value may go if the shares were these: as long as all that
    /// passes is together no likelier than `level`.
    double drawnIn(double gainedShare, double margin, double level) {
      double sum = 0;
      double reached = Double.NEGATIVE_INFINITY;
      int i = 0;
      while (i < order.length) {
        int end = i;
        double same = statistics[i] + 1e-9;
        while (end < order.length && statistics[end] <= same) {
          int lost = order[end] / (pairs + 1);
          int gained = order[end] % (pairs + 1);
          sum += choose.probability(lost, gainedShare + margin, gained, gainedShare);
          end++;
        }
        if (sum > level) {
          return reached;
        }
        reached = same;
        i = end;
      }
      return Double.POSITIVE_INFINITY;
    }
  }
}
