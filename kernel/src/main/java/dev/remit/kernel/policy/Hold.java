package dev.remit.kernel.policy;

import dev.remit.kernel.identity.Duty;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a forbid that is annotated `@hold("role")` waits for.
///
/// @param terms who must agree, from the roles and from `@quorum("2")`, `@uses("20")` and
///   `@apart("deployer, reviewer")` beside them
/// @param patience how long it waits, from `@patience("PT30M")` (ISO 8601); an hour where that is
///   missing, and never more than 30 days
record Hold(Terms terms, Duration patience) {
  static final Duration PATIENCE_DEFAULT = Duration.ofHours(1);
  static final Duration PATIENCE_MAX = Duration.ofDays(30);
  private static final Set<String> BESIDE = Set.of("patience", "quorum", "uses", "apart");

  static Optional<Hold> of(Effect effect, Map<String, String> annotations) {
    var roles = annotations.get("hold");
    if (roles == null) {
      BESIDE.stream()
          .filter(annotations::containsKey)
          .sorted()
          .findFirst()
          .ifPresent(lonely -> {
            throw new UnreadablePolicy("`@" + lonely + "` belongs beside `@hold`");
          });
      return Optional.empty();
    }
    if (effect != Effect.FORBID) {
      throw new UnreadablePolicy(
          "`@hold` belongs on a `forbid … unless { context.approved }`, not on a permit");
    }
    return Optional.of(
        new Hold(
            terms(words("hold", roles, "role", Hold::role), annotations), patience(annotations)));
  }

  /// Of one person, every role may be held by somebody else all the same: see [Terms#of].
  private static Terms terms(Set<Role> roles, Map<String, String> annotations) {
    int people = number(annotations, "quorum", Quorum.PEOPLE_MAX);
    var alone = Terms.of(roles);
    return new Terms(
        people == 1 ? alone.quorums() : Set.of(new Quorum(people, roles)),
        number(annotations, "uses", Terms.USES_MAX),
        annotations.containsKey("apart")
            ? words("apart", annotations.get("apart"), "duty", word -> Word.parse(Duty.class, word))
            : Set.of());
  }

  private static Role role(String word) {
    var asked = Word.parse(Role.class, word);
    if (asked == Role.AUDITOR) {
      throw new UnreadablePolicy(
          "`@hold(\"auditor\")` asks somebody who changes nothing; name another role");
    }
    return asked;
  }

  /// Returns what a list such as `approver, security` names.
  private static <T> Set<T> words(
      String annotation, String text, String kind, Function<String, T> read) {
    try {
      return Arrays.stream(text.split(",", -1))
          .map(word -> read.apply(word.strip()))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IllegalArgumentException e) {
      throw new UnreadablePolicy(
          "`@" + annotation + "(\"" + text + "\")` names no " + kind + ": " + e.getMessage());
    }
  }

  private static int number(Map<String, String> annotations, String annotation, int max) {
    var text = annotations.getOrDefault(annotation, "1");
    if (!text.matches("[1-9][0-9]{0,8}") || Integer.parseInt(text) > max) {
      throw new UnreadablePolicy(
          "`@%s(\"%s\")` is not a number from 1 to %d".formatted(annotation, text, max));
    }
    return Integer.parseInt(text);
  }

  private static Duration patience(Map<String, String> annotations) {
    var text = annotations.get("patience");
    return text == null
        ? PATIENCE_DEFAULT
        : Periods.read("patience", text, Duration.ofNanos(1), PATIENCE_MAX);
  }
}
