package dev.remit.server.registry;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Recognises text that is, or very likely is, a credential, so that it never gets into the
/// registry. Errs on the side of refusing: the remedy is one command.
final class SecretText {
  private static final int RANDOM_LENGTH_MIN = 24;
  private static final double RANDOM_BITS_MIN = 3.9;

  private record Form(Pattern pattern, String what) {}

  /// Prefixes that issuers document so that leaked credentials are found.
  private static final List<Form> FORMS =
      List.of(
          form("-----BEGIN [A-Z ]*PRIVATE KEY-----", "a private key"),
          form("\\b(ghp|github_pat)_\\w{16,}", "a person's access token for GitHub"),
          form("\\bglpat-[\\w-]{16,}", "a person's access token for GitLab"),
          form("\\bATATT[\\w=-]{16,}", "a person's access token for Atlassian"),
          form("\\bgh[ousr]_\\w{16,}", "an access token for GitHub"),
          form("\\bsk-(ant-|proj-)?[\\w-]{16,}", "an API key of a model provider"),
          form("\\b[rs]k_(live|test)_\\w{10,}", "an API key for Stripe"),
          form("\\bxox[abeprs]-[\\w-]{10,}", "an access token for Slack"),
          form("\\b(AKIA|ASIA)[0-9A-Z]{16}\\b", "an access key for AWS"),
          form("\\bAIza[\\w-]{30,}", "an API key for Google"),
          form("\\bnpm_\\w{30,}", "an access token for npm"),
          form("\\bhv[sb]\\.[\\w-]{20,}", "an access token for Vault"),
          form("\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*", "a JSON Web Token"),
          form("(?i)^(bearer|basic|token)\\s+\\S+", "an authorization header's credential"),
          form("(?i)\\b[a-z][a-z0-9+.-]*://[^/\\s:@]*:[^/\\s@]+@", "a URL with a password"),
          form(
              "(?i)[?&;](api[_-]?key|access[_-]?token|token|password|secret|sig)=[^&\\s]{4,}",
              "a URL with a credential"),
          form(
              "(?i)^--?(api[_-]?key|token|password|secret|access[_-]?token)=\\S+",
              "an option with a credential"));

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(^|.*[_-])(password|passwd|pass|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key"
              + "|credentials?|authorization|cookie|auth|pat)$");
  private static final Pattern HARMLESS = Pattern.compile("|true|false|none|null|[0-9]{1,9}");

  private SecretText() {}

  /// Returns what kind of credential `value` seems to be, in words that do not show it.
  ///
  /// @param name the variable's or header's name; empty when there is none
  static Optional<String> recognised(String name, String value) {
    for (var form : FORMS) {
      if (form.pattern.matcher(value).find()) {
        return Optional.of(form.what);
      }
    }
    var folded = name.toLowerCase(Locale.ROOT);
    if (SECRET_NAME.matcher(folded).matches() && !HARMLESS.matcher(value).matches()) {
      return Optional.of("the value of something called `" + name + "`");
    }
    return looksRandom(value) ? Optional.of("a long random text") : Optional.empty();
  }

  /// Long, unbroken, of letters and digits, and with as much entropy as a generated key.
  private static boolean looksRandom(String value) {
    boolean unbroken = value.matches("[A-Za-z0-9+_=-]{" + RANDOM_LENGTH_MIN + ",}");
    boolean mixed = value.matches(".*[0-9].*") && value.matches(".*[A-Za-z].*");
    return unbroken && mixed && entropy(value) >= RANDOM_BITS_MIN;
  }

  /// Shannon entropy in bits for each character, from the text's own frequencies.
  private static double entropy(String text) {
    var counts = new int[128];
    text.chars().filter(c -> c < 128).forEach(c -> counts[c]++);
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / text.length();
        bits -= share * Math.log(share) / Math.log(2);
      }
    }
    return bits;
  }

  private static Form form(String pattern, String what) {
    return new Form(Pattern.compile(pattern), what);
  }
}
