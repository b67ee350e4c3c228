package dev.remit.cli.registry;

import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Prints plans and problems for people: one line a change, one line a value that differs, and a
/// sum.
final class PlanView {
  private static final int VALUE_MAX = 160;

  private final Colours colours;
  private final boolean fields;

  /// @param fields whether each value that differs is shown
  PlanView(Terminal terminal, boolean fields) {
    this.colours = new Colours(terminal);
    this.fields = fields;
  }

  /// Prints what would be done, or what was.
  void print(PrintWriter out, JsonNode planned, boolean done) {
    for (var change : planned.path("changes")) {
      print(out, change);
    }
    out.println(sum(planned, done));
    planned.path("modelChanges").forEach(change -> printModelChange(out, change));
    if (!done && planned.has("secondPerson")) {
      out.println(
          "Another person has to agree: " + planned.path("secondPerson").asString("") + ".");
    }
  }

  /// What decides an identity would be something else: what that touches, and what it needs.
  private static void printModelChange(PrintWriter out, JsonNode change) {
    out.println(
        "What decides `%s` changes: %s"
            .formatted(change.path("identity").asString(""), change.path("class").asString("")));
    printWords(out, "axes", change.path("axes"));
    printWords(out, "suspends", change.path("suspends"));
    printWords(out, "needs", change.path("suites"));
    change
        .path("access")
        .path("new")
        .forEach(path -> out.println("    can touch   " + path.path("thing").asString("")));
    change.path("tighter").forEach(one -> out.println("    tighter     " + one.asString("")));
    out.println(
        change.path("approval").asBoolean(false)
            ? "    next        apply, then `remit changes`: somebody else approves it"
            : "    next        apply; nobody has to approve it");
  }

  private static void printWords(PrintWriter out, String name, JsonNode words) {
    if (!words.isEmpty()) {
      out.println(
          "    "
              + name
              + " ".repeat(12 - name.length())
              + String.join(", ", words.valueStream().map(one -> one.asString("")).toList()));
    }
  }

  private void print(PrintWriter out, JsonNode change) {
    var action = change.path("action").asString();
    var name = change.path("kind").asString() + "/" + change.path("name").asString();
    switch (action) {
      case "create" -> out.println(colours.added("+ " + name));
      case "update" -> out.println(colours.changed("~ " + name));
      case "retire" -> out.println(colours.removed("- " + name));
      default -> {
        return;
      }
    }
    if (fields && !action.equals("retire")) {
      change.path("fields").forEach(field -> printField(out, field));
    }
  }

  private void printField(PrintWriter out, JsonNode field) {
    var path = "    " + field.path("path").asString() + ": ";
    var before = field.get("before");
    var after = field.get("after");
    if (before == null) {
      out.println(colours.added(path + shown(after)));
    } else if (after == null) {
      out.println(colours.removed(path + shown(before) + " → (none)"));
    } else {
      out.println(colours.changed(path + shown(before) + " → " + shown(after)));
    }
  }

  private static String shown(JsonNode value) {
    var text = value.isString() ? value.stringValue().strip() : value.toString();
    var line = text.replace("\n", "⏎ ");
    return line.length() <= VALUE_MAX ? line : line.substring(0, VALUE_MAX) + "…";
  }

  private static String sum(JsonNode planned, boolean done) {
    var parts = new ArrayList<String>();
    for (var action : List.of("create", "update", "retire")) {
      long count =
          planned
              .path("changes")
              .valueStream()
              .filter(change -> change.path("action").asString().equals(action))
              .count();
      if (count > 0) {
        parts.add(done ? count + " " + action + "d" : count + " to " + action);
      }
    }
    if (parts.isEmpty()) {
      return "Nothing to change.";
    }
    return (done ? "Done: " : "Plan: ") + String.join(", ", parts) + ".";
  }

  /// Prints each problem as `file:line:column: message`, with its remedy below it.
  static void printProblems(PrintWriter err, JsonNode problems) {
    for (var problem : problems) {
      err.println(
          place(problem) + word(problem) + problem.path("message").asString() + rule(problem));
      err.println("  remedy: " + problem.path("remedy").asString());
    }
  }

  private static String place(JsonNode problem) {
    var file = problem.path("file").asString();
    int line = problem.path("line").asInt(0);
    return line == 0
        ? file + ": "
        : file + ":" + line + ":" + problem.path("column").asInt(0) + ": ";
  }

  private static String word(JsonNode problem) {
    return problem.path("severity").asString().equals("warning") ? "warning: " : "";
  }

  private static String rule(JsonNode problem) {
    return " [" + problem.path("rule").asString() + "]";
  }
}
