package dev.remit.kernel.policy;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What a forbid that is annotated `@hold("role")` waits for.
///
/// @param role who must agree
/// @param patience how long it waits, from `@patience("PT30M")` (ISO 8601); an hour where that is
///   missing, and never more than 30 days
record Hold(Role role, Duration patience) {
  static final Duration PATIENCE_DEFAULT = Duration.ofHours(1);
  static final Duration PATIENCE_MAX = Duration.ofDays(30);

  static Optional<Hold> of(Effect effect, Map<String, String> annotations) {
    var role = annotations.get("hold");
    if (role == null) {
      if (annotations.containsKey("patience")) {
        throw new UnreadablePolicy("`@patience` belongs beside `@hold`");
      }
      return Optional.empty();
    }
    if (effect != Effect.FORBID) {
      throw new UnreadablePolicy(
          "`@hold` belongs on a `forbid … unless { context.approved }`, not on a permit");
    }
    try {
      var asked = Word.parse(Role.class, role);
      if (asked == Role.AUDITOR) {
        throw new UnreadablePolicy(
            "`@hold(\"auditor\")` asks somebody who changes nothing; name another role");
      }
      return Optional.of(new Hold(asked, patience(annotations)));
    } catch (IllegalArgumentException e) {
      throw new UnreadablePolicy("`@hold(\"" + role + "\")` names no role: " + e.getMessage());
    }
  }

  private static Duration patience(Map<String, String> annotations) {
    var text = annotations.get("patience");
    return text == null
        ? PATIENCE_DEFAULT
        : Periods.read("patience", text, Duration.ofNanos(1), PATIENCE_MAX);
  }
}
