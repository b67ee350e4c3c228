package dev.remit.server.decisions;

import java.util.Map;
import java.util.TreeMap;

/// What policy sees of a question to a model, as the `arguments` of [Action#ASK]: whatever dialect
/// it was asked in, in one form. What was said in it is not in here.
///
/// Source: `docs/guides/models.md`, "What policy sees".
final class Asking {
  static final ArgumentType.RecordOf ARGUMENTS = arguments();

  private Asking() {}

  private static ArgumentType.RecordOf arguments() {
    var members = new TreeMap<String, ArgumentType.RecordOf.Member>();
    put(members, "dialect", new ArgumentType.Text(), true);
    put(members, "streams", new ArgumentType.Truth(), true);
    put(members, "promptBytes", new ArgumentType.Whole(), true);
    put(members, "tokensAtMost", new ArgumentType.Whole(), true);
    put(members, "maxOutputTokens", new ArgumentType.Whole(), false);
    put(members, "tools", new ArgumentType.SetOf(new ArgumentType.Text()), true);
    put(members, "undeclaredTools", new ArgumentType.SetOf(new ArgumentType.Text()), true);
    put(members, "hostedTools", new ArgumentType.SetOf(new ArgumentType.Text()), true);
    put(members, "retains", new ArgumentType.SetOf(new ArgumentType.Text()), true);
    put(members, "secrets", new ArgumentType.SetOf(new ArgumentType.Text()), false);
    return new ArgumentType.RecordOf(members);
  }

  private static void put(
      Map<String, ArgumentType.RecordOf.Member> members,
      String name,
      ArgumentType type,
      boolean required) {
    members.put(name, new ArgumentType.RecordOf.Member(type, required, false));
  }
}
