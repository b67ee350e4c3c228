package dev.remit.cli.init;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.regex.Pattern;

/// Tells whether a setting looks like a secret: by its name, by a known shape, or because nobody
/// would think it up.
///
/// Errs on the side of secrecy: what is stored needlessly costs nothing.
final class SecretSigns {
  private static final Pattern NAME =
      Pattern.compile(
          "(^|[_.-])(token|key|pat|pwd|pass|auth|cookie|dsn|credentials?|bearer|jwt)([_.-]|$)"
              + "|secret|passw(or)?d|passphrase|api[_.-]?key|apitoken|accesstoken|authtoken"
              + "|access[_.-]?key|private[_.-]?key|authorization|connection[_.-]?string");
  private static final Pattern HARMLESS =
      Pattern.compile("true|false|yes|no|on|off|null|[0-9]{0,6}", Pattern.CASE_INSENSITIVE);
  private static final Pattern KNOWN =
      Pattern.compile(
          "(ghp_|gho_|ghs_|github_pat_|glpat-|sk-|sk_live_|rk_live_|xox[abpors]-|AKIA|ASIA|AIza|ya29\\."
              + "|npm_|pypi-|dop_v1_|hf_|eyJ[A-Za-z0-9_-]{8,}\\.|-----BEGIN ).*"
              + "|(Bearer|Basic|Token) \\S{8,}",
          Pattern.DOTALL);
  private static final Pattern RANDOM_CHARACTERS = Pattern.compile("[A-Za-z0-9+/=_-]{24,}");
  private static final double ENTROPY_MIN = 3.6;

  private SecretSigns() {}

  static boolean isSecret(String name, String value) {
    return !HARMLESS.matcher(value).matches() && (isSecretName(name) || isSecretValue(value));
  }

  static boolean isSecretName(String name) {
    return NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  static boolean isSecretValue(String value) {
    return KNOWN.matcher(value).matches() || hasUserInfo(value) || isRandom(value);
  }

  /// Whether `value` is a URL such as `postgres://user:password@host/`.
  static boolean hasUserInfo(String value) {
    return value.matches("[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#\\s]*:[^/?#\\s]*@.*");
  }

  /// Whether the query of `url` carries something that looks like a secret.
  static boolean hasSecretQuery(String url) {
    var query = url.contains("?") ? url.substring(url.indexOf('?') + 1) : "";
    for (var part : query.split("[&#]", -1)) {
      var pair = part.split("=", 2);
      if (pair.length == 2 && isSecret(pair[0], pair[1])) {
        return true;
      }
    }
    return false;
  }

  /// Long, of letters and digits mixed, as even as only machines write, and no absolute path.
  private static boolean isRandom(String value) {
    boolean mixed = value.matches(".*[0-9].*") && value.matches(".*[A-Za-z].*");
    return mixed
        && RANDOM_CHARACTERS.matcher(value).matches()
        && !value.startsWith("/")
        && entropy(value) >= ENTROPY_MIN;
  }

  /// Returns bits per character (Shannon 1948).
  private static double entropy(String value) {
    var counts = new HashMap<Integer, Integer>();
    value.chars().forEach(c -> counts.merge(c, 1, Integer::sum));
    double bits = 0;
    for (int count : counts.values()) {
      double p = (double) count / value.length();
      bits -= p * Math.log(p) / Math.log(2);
    }
    return bits;
  }

  /// Returns the URL without user and password.
  static String withoutUserInfo(URI url) {
    var text = url.toString();
    return text.replaceFirst("//[^/@]*@", "//");
  }
}
