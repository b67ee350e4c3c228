package dev.remit.kernel.comparison;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Watches a fixed set of probes, day after day, for failing more often than was approved.
///
/// An e-CUSUM: each day multiplies the evidence by what a bet on "more often than `approved`" would
/// have paid, and evidence never falls below where it began, so an old good time hides no new bad
/// one. Several bets are watched at once, and their mean is compared with `falseAlarmDays`: while
/// the probes fail no more often than approved, the mean time to an alarm is at least that many
/// days. Nothing is assumed of how many probes fail together on one day.
///
/// Source: Shin, Ramdas, Rinaldo, "E-detectors: a nonparametric framework for sequential change
/// detection", New England Journal of Statistics in Data Science 2, 2024. (An e-CUSUM is never
/// above the Shiryaev-Roberts e-detector with the same bets, whose bound is the one that is used.)
///
/// @param approved the share of probes that may fail in the long run: above 0, below 1
/// @param falseAlarmDays the mean number of days to a false alarm, at least: 10 or more
/// @param evidence of each bet; 0 before the first day
/// @param days so many were seen since it was set up or began again
public record DriftDetector(
    double approved, double falseAlarmDays, List<Double> evidence, int days) {
  private static final int BETS = 8;

  public DriftDetector {
    evidence = List.copyOf(evidence);
    if (!(approved > 0 && approved < 1)) {
      throw new IllegalArgumentException("`approved` is above 0 and below 1, was " + approved);
    }
    if (!(falseAlarmDays >= 10)) {
      throw new IllegalArgumentException("`falseAlarmDays` is 10 or more, was " + falseAlarmDays);
    }
    if (evidence.size() != BETS) {
      throw new IllegalArgumentException("a detector keeps " + BETS + " bets");
    }
  }

  /// A detector that has seen nothing.
  public static DriftDetector fresh(double approved, double falseAlarmDays) {
    return new DriftDetector(approved, falseAlarmDays, Collections.nCopies(BETS, 0.0), 0);
  }

  /// Returns the detector after one more day.
  ///
  /// @param failed of `probes`, which is 1 or more; one that could not be scored is left out of
  ///   both
  public DriftDetector after(int failed, int probes) {
    if (probes < 1 || failed < 0 || failed > probes) {
      throw new IllegalArgumentException(failed + " of " + probes + " probes cannot fail");
    }
    double surplus = (double) failed / probes - approved;
    var next = new ArrayList<Double>(BETS);
    for (int i = 0; i < BETS; i++) {
      // Up to the largest bet that a day without a failure does not ruin.
      double bet = (i + 1.0) / (BETS + 1) / approved;
      next.add(Math.max(evidence.get(i), 1) * (1 + bet * surplus));
    }
    return new DriftDetector(approved, falseAlarmDays, next, days + 1);
  }

  /// The mean evidence; an alarm at [#falseAlarmDays].
  public double statistic() {
    return evidence.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  public boolean isAlarm() {
    return statistic() >= falseAlarmDays;
  }
}
