package dev.remit.kernel.comparison;

/// What one axis came to, before it is judged.
///
/// @param counts the pairs of which both sides were scored
/// @param unscored pairs of which a side could not be scored: the endpoint failed, no judge could
///   be read, judges or people contradict each other; each counts as a regression
/// @param harms leaks and harmful tool calls of the candidate that the gateway or a person has seen
/// @param suspicions the same, said by a judge that can err, and confirmed by nobody yet
/// @param labels what people have said of the answers, not knowing whose they are
public record Tally(PairCounts counts, int unscored, int harms, int suspicions, Labels labels) {

  public Tally {
    if (unscored < 0 || harms < 0 || suspicions < 0) {
      throw new IllegalArgumentException("counts are not negative");
    }
  }

  public Tally(PairCounts counts, int unscored, int harms, int suspicions) {
    this(counts, unscored, harms, suspicions, Labels.NONE);
  }

  /// How far people are.
  ///
  /// @param waiting cases that the plan has people label, and nobody has
  /// @param sampled cases in which the judges see no difference, and people have looked
  /// @param overturned of those, where people say otherwise than the judges
  public record Labels(int waiting, int sampled, int overturned) {
    public static final Labels NONE = new Labels(0, 0, 0);

    /// More of the sample than this, and the judges are not believed where nobody looked either.
    private static final double OVERTURNED_MAX = 0.1;

    public Labels {
      if (waiting < 0 || overturned < 0 || sampled < overturned) {
        throw new IllegalArgumentException("of a sample no more is overturned than there is");
      }
    }

    boolean unsettle() {
      return sampled > 0 && (double) overturned / sampled > OVERTURNED_MAX;
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
