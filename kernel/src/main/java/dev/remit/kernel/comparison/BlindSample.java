package dev.remit.kernel.comparison;

import dev.remit.kernel.canonical.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// Which cases people label, and in which order the two answers are shown.
///
/// Every discordant pair, and of the concordant ones a sample: if people only ever saw where the
/// versions differ, a judge that errs on both alike would never be found out. Everything is drawn
/// from one random secret, which is committed to before the run and shown after it, so nobody can
/// know an answer's side beforehand and everybody can check the drawing afterwards.
///
/// @param secret 32 random bytes, in hexadecimal
public record BlindSample(String secret) {

  public BlindSample {
    if (HexFormat.of().parseHex(secret).length != 32) {
      throw new IllegalArgumentException("the secret of a blind sample has 32 bytes");
    }
  }

  /// What is recorded before the run.
  public Digest commitment() {
    return digest("commitment");
  }

  /// Whether the candidate's answer to `item` is shown first.
  public boolean candidateFirst(String item) {
    return Integer.parseInt(last(digest("side " + item)), 16) % 2 == 0;
  }

  /// Returns a secret to plant in one question, which nobody can guess before: 20 lower-case
  /// letters and digits.
  public String canary(String item) {
    return "k" + digest("canary " + item).value().substring("sha256:".length()).substring(0, 19);
  }

  /// Returns `count` of the items, or all if there are fewer; the same ones whatever the order.
  public List<String> sample(List<String> items, int count) {
    return items.stream()
        .sorted(
            Comparator.comparing((String item) -> digest("sample " + item).value())
                .thenComparing(Comparator.naturalOrder()))
        .limit(count)
        .toList();
  }

  private Digest digest(String what) {
    return Digest.of((secret + "\n" + what).getBytes(StandardCharsets.UTF_8));
  }

  private static String last(Digest digest) {
    return digest.value().substring(digest.value().length() - 1);
  }
}
