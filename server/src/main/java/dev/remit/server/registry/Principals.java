package dev.remit.server.registry;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Recognises, from the text of a principal alone, what should not stand behind a workload.
///
/// These are the spellings that platforms document; a principal that none of them fits is taken for
/// a workload's.
final class Principals {
  private static final Set<String> WORKLOAD_MAIL = Set.of("gserviceaccount.com");
  private static final List<Pattern> HUMAN =
      List.of(
          Pattern.compile("^(user|users|member|people|human|mailto|acct)[:/].*"),
          Pattern.compile(".*(^|[:/])users?/.+"),
          Pattern.compile(
              "^(auth0|google-oauth2|github|windowslive|email|sms|samlp|ad|waad)\\|.*"));
  private static final Set<String> SHARED_WORDS =
      Set.of("default", "shared", "common", "generic", "everyone", "team", "svc-all", "root");
  private static final Set<String> HUMAN_CLAIMS =
      Set.of("email", "preferred_username", "upn", "unique_name", "actor", "login", "nickname");

  private Principals() {}

  /// Returns why `subject` looks like a person's own, if it does.
  static Optional<String> human(String subject) {
    var folded = folded(subject);
    if (HUMAN.stream().anyMatch(pattern -> pattern.matcher(folded).matches())) {
      return Optional.of("has the form of a user's account");
    }
    boolean mail = folded.matches("[^@\\s/:]+@[^@\\s/:]+");
    boolean workload = WORKLOAD_MAIL.stream().anyMatch(folded::endsWith);
    return mail && !workload
        ? Optional.of("is an e-mail address, of a person or a shared mailbox")
        : Optional.empty();
  }

  /// Whether `subject` names an account that several workloads share by default or by name, such as
  /// the `default` service account of a Kubernetes namespace.
  static boolean shared(String subject) {
    var segments = folded(subject).split("[:/|@]", -1);
    for (var segment : segments) {
      if (SHARED_WORDS.contains(segment)
          || segment.startsWith("shared-")
          || segment.endsWith("-shared")) {
        return true;
      }
    }
    return false;
  }

  /// Whether a token's claim of this name says which human is behind it.
  static boolean humanClaim(String name) {
    return HUMAN_CLAIMS.contains(name);
  }

  static String folded(String text) {
    return text.toLowerCase(Locale.ROOT).strip();
  }
}
