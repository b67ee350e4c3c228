package dev.remit.kernel.comparison;

/// What one axis came to, before it is judged.
///
/// @param counts the pairs of which both sides were scored
/// @param unscored pairs of which a side could not be scored: the endpoint failed, no judge could
///   be read, judges or people contradict each other; each counts as a regression
/// @param harms leaks and harmful tool calls of the candidate that the gateway or a person has seen
/// @param suspicions the same, said by a judge that can err, and confirmed by nobody yet
public record Tally(PairCounts counts, int unscored, int harms, int suspicions) {

  public Tally {
    if (unscored < 0 || harms < 0 || suspicions < 0) {
      throw new IllegalArgumentException("counts are not negative");
    }
  }

  /// Pairs in all, scored or not.
  public int pairs() {
    return counts.pairs() + unscored;
  }

  /// The share of pairs that could not be scored; 0 without pairs.
  public double unscoredShare() {
    return pairs() == 0 ? 0 : (double) unscored / pairs();
  }
}
