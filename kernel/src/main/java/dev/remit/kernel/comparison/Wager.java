package dev.remit.kernel.comparison;

import java.util.stream.IntStream;

/// The sequential option: how much money a gambler would have who bet against the claim that the
/// candidate is worse by the margin or more, one case after the other, in a game that is fair if
/// the claim is true.
///
/// Whoever is ever as rich as 20 times the first stake shows that the claim is false at 95 %: the
/// probability of that, however long and however often one looks, is at most 1/20 (Ville's
/// inequality). So a run may stop the moment it is shown, which a fixed-sample bound does not
/// allow. Several bets are held at once, a fixed share in each; so the wealth follows from the
/// counts alone, in whatever order the cases came.
///
/// Source: Waudby-Smith, Ramdas, "Estimating means of bounded random variables by betting", Journal
/// of the Royal Statistical Society B 86, 2024; Ramdas, Grünwald, Vovk, Shafer, "Game-theoretic
/// statistics and safe anytime-valid inference", Statistical Science 38, 2023.
public final class Wager {
  private static final int BETS = 16;

  private Wager() {}

  /// Wealth, starting at 1, of betting that the regression is less than `margin`.
  public static double onPass(PairCounts counts, double margin) {
    // What a pair pays: margin - difference, at worst margin - 1.
    return wealth(counts, margin - 1, margin + 1, margin, 1 / (1 - margin));
  }

  /// Wealth of betting that the regression is more than `margin`.
  public static double onFail(PairCounts counts, double margin) {
    return wealth(counts, 1 - margin, -1 - margin, -margin, 1 / (1 + margin));
  }

  /// What may be concluded now, whatever comes after; [Verdict#INCONCLUSIVE] is to go on.
  public static Verdict stopped(Tally tally, ComparisonRule rule) {
    double enough = 1 / rule.level();
    if (tally.harms() > 0 || onFail(tally.counts(), rule.margin()) >= enough) {
      return Verdict.FAIL;
    }
    boolean clear = tally.suspicions() == 0 && tally.unscoredShare() <= rule.unscoredMax();
    return clear && onPass(tally.counts().andLost(tally.unscored()), rule.margin()) >= enough
        ? Verdict.PASS
        : Verdict.INCONCLUSIVE;
  }

  private static double wealth(
      PairCounts counts, double lost, double gained, double same, double most) {
    return IntStream.range(0, BETS)
        .mapToDouble(i -> {
          // Never the whole stake, so that no single pair ends the game.
          double bet = most * (i + 1) / (BETS + 1);
          return Math.exp(
              counts.lost() * Math.log1p(bet * lost)
                  + counts.gained() * Math.log1p(bet * gained)
                  + (counts.both() + counts.neither()) * Math.log1p(bet * same));
        })
        .average()
        .orElseThrow();
  }
}
