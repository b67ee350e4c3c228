package dev.remit.server.registry.shape;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses what somebody meant by a word that is not known.
public final class Nearest {
  private Nearest() {}

  /// Returns the candidate that is fewest edits away, if it is close enough to be a slip: at most a
  /// third of the word, and never more than three.
  public static Optional<String> to(String word, Collection<String> candidates) {
    int limit = Math.min(3, Math.max(1, word.length() / 3));
    return candidates.stream()
        .filter(candidate -> Math.abs(candidate.length() - word.length()) <= limit)
        .filter(candidate -> edits(word, candidate) <= limit)
        .min(
            Comparator.<String>comparingInt(candidate -> edits(word, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /// Returns the remedy for an unknown word: the guess, or else what is known.
  public static String remedy(String word, Collection<String> candidates) {
    var guess = to(word, candidates).map(candidate -> "did you mean `" + candidate + "`?");
    return guess.orElseGet(() ->
        candidates.isEmpty()
            ? "remove it"
            : "use one of " + String.join(", ", candidates.stream().sorted().toList()));
  }

  /// Optimal string alignment distance; upper and lower case are the same letter.
  private static int edits(String a, String b) {
    var before = new int[b.length() + 1];
    var last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      var row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = same(a, i, b, j) ? 0 : 1;
        row[j] = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
        if (i > 1 && j > 1 && same(a, i, b, j - 1) && same(a, i - 1, b, j)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return last[b.length()];
  }

  private static boolean same(String a, int i, String b, int j) {
    return Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
  }
}
