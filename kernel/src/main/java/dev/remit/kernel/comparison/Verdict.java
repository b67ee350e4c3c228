package dev.remit.kernel.comparison;

import java.util.Locale;

/// What a comparison shows, in the order of what weighs more when several come together.
public enum Verdict {
  /// Worse than the baseline by less than the margin, shown at the stated confidence.
  PASS,

  /// Neither shown. Never counts as a pass.
  INCONCLUSIVE,

  /// Worse by the margin or more, shown; or something that is never tolerated has happened.
  FAIL;

  /// Both must hold: the worse of the two. Passing all of several tests, each at its own level,
  /// keeps that level without a correction (intersection-union test; Berger, Technometrics 24,
  /// 1982).
  public Verdict and(Verdict other) {
    return compareTo(other) >= 0 ? this : other;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Returns the verdict that is written `word`.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Verdict parse(String word) {
    for (var verdict : values()) {
      if (verdict.word().equals(word)) {
        return verdict;
      }
    }
    throw new IllegalArgumentException("`" + word + "` is not pass, inconclusive or fail");
  }
}
