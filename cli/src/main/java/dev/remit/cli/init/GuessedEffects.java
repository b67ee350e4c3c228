package dev.remit.cli.init;

import dev.remit.kernel.identity.Effect;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What a tool probably does to the world, and why we think so. A guess for a person to review:
/// annotations are the server's own claim, and names are only names.
///
/// @param because the reason, for the comment beside it
record GuessedEffects(Set<Effect> effects, String because) {
  private static final Pattern RUNS =
      Pattern.compile("(^|[_-])(exec|execute|run|eval|shell|command|script)([_-]|$)");
  private static final Pattern DESTROYS =
      Pattern.compile("(^|[_-])(delete|remove|drop|purge|destroy|truncate|wipe|kill)([_-]|$)");

  private static final Pattern REVEALS =
      Pattern.compile("(^|[_-])(env|environment|secrets?|credentials?|passwords?|tokens?)([_-]|$)");

  GuessedEffects {
    effects = Set.copyOf(effects);
  }

  static GuessedEffects of(JsonNode tool) {
    var annotations = tool.path("annotations");
    var name = words(tool.path("name").asString(""));
    if (RUNS.matcher(name).find()) {
      return new GuessedEffects(
          EnumSet.of(Effect.WRITE, Effect.CODE_EXECUTION), "its name says that it runs something");
    }
    if (REVEALS.matcher(name).find()) {
      return new GuessedEffects(
          EnumSet.of(Effect.READ, Effect.SECRETS), "its name says that it may show secrets");
    }
    if (annotations.path("readOnlyHint").asBoolean(false)) {
      return new GuessedEffects(EnumSet.of(Effect.READ), "the server says readOnlyHint");
    }
    if (annotations.path("destructiveHint").asBoolean(false) || DESTROYS.matcher(name).find()) {
      return new GuessedEffects(
          EnumSet.of(Effect.WRITE, Effect.DESTRUCTIVE),
          annotations.path("destructiveHint").asBoolean(false)
              ? "the server says destructiveHint"
              : "its name says so");
    }
    if (annotations.has("destructiveHint") || annotations.has("readOnlyHint")) {
      return annotations.has("destructiveHint")
          ? new GuessedEffects(EnumSet.of(Effect.WRITE), "the server says it destroys nothing")
          : new GuessedEffects(
              EnumSet.of(Effect.WRITE, Effect.DESTRUCTIVE),
              "the server says it writes, and not that it destroys nothing");
    }
    return new GuessedEffects(
        EnumSet.of(Effect.WRITE, Effect.DESTRUCTIVE),
        "the server says nothing, and the protocol then assumes the worst");
  }

  /// `deleteFile` and `delete-file` as `delete_file`.
  private static String words(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /// Whether a person should be asked before each call.
  boolean isGrave() {
    return effects.contains(Effect.DESTRUCTIVE)
        || effects.contains(Effect.CODE_EXECUTION)
        || effects.contains(Effect.SECRETS);
  }

  /// Returns the effects as a manifest writes them.
  String written() {
    return effects.stream().sorted().map(Effect::word).collect(Collectors.joining(", ", "[", "]"));
  }
}
