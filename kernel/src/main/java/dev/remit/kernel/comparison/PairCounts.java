package dev.remit.kernel.comparison;

/// How two versions did on the same cases; each case is one pair, whatever its repeats.
///
/// @param both passed by both versions
/// @param lost passed by the baseline, failed by the candidate: a regression
/// @param gained failed by the baseline, passed by the candidate
/// @param neither failed by both
public record PairCounts(int both, int lost, int gained, int neither) {
  /// The most pairs that are compared; far beyond any suite, and enough to keep sums exact.
  public static final int PAIRS_MAX = 1_000_000;

  public PairCounts {
    if (both < 0 || lost < 0 || gained < 0 || neither < 0) {
      throw new IllegalArgumentException("counts of pairs are not negative");
    }
    if ((long) both + lost + gained + neither > PAIRS_MAX) {
      throw new IllegalArgumentException("at most " + PAIRS_MAX + " pairs are compared");
    }
  }

  /// Pairs in all.
  public int pairs() {
    return both + lost + gained + neither;
  }

  /// How much more often the candidate fails than the baseline, from -1 to 1; 0 without pairs.
  public double regression() {
    return pairs() == 0 ? 0 : (double) (lost - gained) / pairs();
  }

  /// The same pairs and `more` that count as regressions.
  PairCounts andLost(int more) {
    return new PairCounts(both, lost + more, gained, neither);
  }
}
