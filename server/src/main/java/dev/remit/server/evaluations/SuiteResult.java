package dev.remit.server.evaluations;

import dev.remit.kernel.comparison.AxisVerdict;
import dev.remit.kernel.comparison.Verdict;
import java.util.List;

/// What one suite has come to, with what people still have to look at.
///
/// @param baselineFailed cases of those scored that the baseline fails
/// @param candidateFailed the same of the candidate
/// @param toLabel the cases that people label, by `SUITE/CASE`
/// @param lost the cases that the baseline passes and the candidate fails, by `SUITE/CASE`
/// @param gained those that it is the other way round with
/// @param conflicts cases of which people say different things; they are unscored
public record SuiteResult(
    Plan.PlannedSuite suite,
    AxisVerdict shown,
    int baselineFailed,
    int candidateFailed,
    List<String> toLabel,
    List<String> lost,
    List<String> gained,
    List<String> conflicts) {

  public SuiteResult {
    toLabel = List.copyOf(toLabel);
    lost = List.copyOf(lost);
    gained = List.copyOf(gained);
    conflicts = List.copyOf(conflicts);
  }

  public Verdict verdict() {
    return shown.verdict();
  }

  /// As entries say it: everything from which the verdict is recomputed.
  public String line() {
    var tally = shown.tally();
    var counts = tally.counts();
    return "%s %s both %d lost %d gained %d neither %d unscored %d harms %d suspicions %d waiting %d sampled %d overturned %d %s"
        .formatted(
            suite.name(),
            suite.axis().word(),
            counts.both(),
            counts.lost(),
            counts.gained(),
            counts.neither(),
            tally.unscored(),
            tally.harms(),
            tally.suspicions(),
            tally.labels().waiting(),
            tally.labels().sampled(),
            tally.labels().overturned(),
            verdict().word());
  }
}
