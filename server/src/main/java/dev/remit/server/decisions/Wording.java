package dev.remit.server.decisions;

import java.util.regex.Pattern;

/// Says Cedar's messages so that they tell what to do.
final class Wording {
  private static final Pattern PREFIX =
      Pattern.compile(
          "^(for policy `[^`]*`, |failed to parse (policy|template)[^:]*: |Auth Exception: |"
              + "Internal error: |Internal JNI Error: )+");

  private Wording() {}

  static String syntax(String message) {
    return "cannot be parsed: " + PREFIX.matcher(message).replaceFirst("").strip();
  }

  static String validation(String message) {
    var plain = PREFIX.matcher(message).replaceFirst("").strip();
    return plain.startsWith("policy is impossible")
        ? "can never match: its conditions are false for every request"
        : plain;
  }

  /// Returns what to do about `message`; Cedar's own `help` where it has some.
  static String remedy(String message, String help) {
    if (!help.isEmpty()) {
      return help;
    }
    if (message.contains("unable to find an applicable action")) {
      return "name an action that exists: `action in Action::\"call\"` for every tool, "
          + "`action == Action::\"resource/tool\"` for one, or `read`, `prompt`, `complete`, "
          + "`list`, `sample`, `elicit`, `issue`";
    }
    if (message.contains("`arguments")) {
      return "arguments belong to one tool: write `action == Action::\"resource/tool\"`, and use a "
          + "name from that tool's input schema";
    }
    if (message.contains("unable to guarantee safety of access")) {
      return "the attribute is optional: ask `has` for it first, as in "
          + "`context.arguments has name && context.arguments.name == …`";
    }
    if (message.contains("can never match")) {
      return "remove the policy or the condition that contradicts the rest";
    }
    if (message.contains("entity type")) {
      return "use one of Identity, Workflow, Person, Resource, Tool, Model, DataClass";
    }
    return "compare with the schema in docs/guides/policy.md";
  }
}
