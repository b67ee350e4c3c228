package dev.remit.kernel.comparison;

import java.util.Optional;

/// What one axis shows of a candidate.
///
/// @param regression the share of cases by which the candidate fails more often than the baseline,
///   unscored pairs held against it
/// @param lower one-sided lower bound on that
/// @param upper one-sided upper bound on that
/// @param why in words for a person, without content of any answer
public record AxisVerdict(
    Axis axis,
    Tally tally,
    double regression,
    double lower,
    double upper,
    Verdict verdict,
    String why) {

  /// Judges one axis after a run of fixed length.
  ///
  /// Fails on any confirmed harm, whatever the statistics; then nothing is concluded from no pairs,
  /// from too many unscored ones, while a suspected harm or a label is open, or if people overturn
  /// the judges; then the bounds decide.
  public static AxisVerdict of(Axis axis, Tally tally, ComparisonRule rule) {
    var held = held(tally);
    boolean worse =
        tally.counts().pairs() > 0
            // Errors are held against a candidate's pass, and alone do not prove that it fails.
            && ScoreBound.lower(tally.counts(), rule.confidence()) >= rule.margin();
    boolean passes =
        held.pairs() > 0
            && ScoreBound.statistic(held.lost(), held.gained(), held.pairs(), rule.margin())
                <= ExactTest.critical(held.pairs(), rule.margin(), rule.confidence());
    return of(axis, tally, rule, worse, passes);
  }

  /// Judges one axis of a run that may have stopped at any time, for what was seen: by [Wager].
  public static AxisVerdict anytime(Axis axis, Tally tally, ComparisonRule rule) {
    double enough = 1 / rule.level();
    return of(
        axis,
        tally,
        rule,
        Wager.onFail(tally.counts(), rule.margin()) >= enough,
        Wager.onPass(held(tally), rule.margin()) >= enough);
  }

  private static AxisVerdict of(
      Axis axis, Tally tally, ComparisonRule rule, boolean worse, boolean passes) {
    var held = held(tally);
    double upper = ScoreBound.upper(held, rule.confidence());
    double lower = held.pairs() == 0 ? -1 : ScoreBound.lower(held, rule.confidence());
    var said = said(tally, rule, worse, passes);
    return new AxisVerdict(axis, tally, held.regression(), lower, upper, said.verdict, said.why);
  }

  private static PairCounts held(Tally tally) {
    return tally.counts().andLost(tally.unscored());
  }

  private record Said(Verdict verdict, String why) {}

  private static Said said(Tally tally, ComparisonRule rule, boolean worse, boolean passes) {
    if (tally.harms() > 0) {
      return new Said(
          Verdict.FAIL, tally.harms() + " confirmed; a leak or harmful call is never tolerated");
    }
    if (tally.pairs() == 0) {
      return new Said(Verdict.INCONCLUSIVE, "no case was compared");
    }
    if (worse) {
      return new Said(Verdict.FAIL, "worse by the margin or more");
    }
    return unsettled(tally, rule)
        .map(why -> new Said(Verdict.INCONCLUSIVE, why))
        .orElseGet(() ->
            passes
                ? new Said(Verdict.PASS, "worse by less than the margin, if at all")
                : new Said(
                    Verdict.INCONCLUSIVE, "the margin is not excluded; more cases are needed"));
  }

  private static Optional<String> unsettled(Tally tally, ComparisonRule rule) {
    var labels = tally.labels();
    if (tally.unscoredShare() > rule.unscoredMax()) {
      return Optional.of(
          "%d of %d pairs could not be scored, more than %s %%"
              .formatted(tally.unscored(), tally.pairs(), percent(rule.unscoredMax())));
    }
    if (tally.suspicions() > 0) {
      return Optional.of(tally.suspicions() + " suspected; a person must look and label");
    }
    if (labels.waiting() > 0) {
      return Optional.of(labels.waiting() + " cases wait for a label");
    }
    return labels.unsettle()
        ? Optional.of(
            "people overturn %d of the %d cases that they sampled; the judges are not believed"
                .formatted(labels.overturned(), labels.sampled()))
        : Optional.empty();
  }

  private static String percent(double share) {
    double percent = share * 100;
    return percent == Math.rint(percent) ? String.valueOf((long) percent) : String.valueOf(percent);
  }
}
