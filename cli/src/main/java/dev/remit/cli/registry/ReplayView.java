package dev.remit.cli.registry;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Prints for people what proposed policies would have decided otherwise.
final class ReplayView {
  private static final Map<String, String> UNPLAYABLE =
      Map.of(
          "erased", "their question was erased",
          "unrecorded", "they were recorded without their question",
          "list", "lists, which are judged element by element",
          "unreadable", "their record cannot be read");

  private ReplayView() {}

  /// Prints `replay`; nothing where none was made.
  static void print(PrintWriter out, JsonNode replay) {
    if (replay.isMissingNode()) {
      return;
    }
    long recorded = replay.path("recorded").asLong();
    long differ = replay.path("differ").asLong();
    out.println();
    out.println(
        recorded == 0
            ? "No decisions are recorded yet to try this on."
            : "Of the last %,d decisions %,d would differ.".formatted(recorded, differ));
    replay.path("groups").forEach(group -> printGroup(out, group));
    long ungrouped = replay.path("ungrouped").asLong();
    if (ungrouped > 0) {
      out.println("  and %,d for further causes".formatted(ungrouped));
    }
    printRest(out, replay);
  }

  private static void printGroup(PrintWriter out, JsonNode group) {
    long already = group.path("already").asLong();
    out.println(
        "  %,d × %s → %s: %s%s"
            .formatted(
                group.path("count").asLong(),
                group.path("was").asString(),
                group.path("would").asString(),
                group.path("why").asString(),
                already == 0
                    ? ""
                    : " (%,d of them already by the policies that are active now)"
                        .formatted(already)));
    for (var example : group.path("examples")) {
      out.println(
          "      %s  %s  %s %s %s"
              .formatted(
                  example.path("decision").asString(),
                  example.path("at").asString(),
                  example.path("identity").asString(),
                  example.path("action").asString(),
                  example.path("target").asString()));
    }
  }

  private static void printRest(PrintWriter out, JsonNode replay) {
    long other = replay.path("otherReason").asLong();
    if (other > 0) {
      out.println("  %,d would come out the same, by other policies".formatted(other));
    }
    var parts = new ArrayList<String>();
    replay
        .path("unplayable")
        .properties()
        .forEach(each ->
            parts.add(
                "%,d (%s)"
                    .formatted(
                        each.getValue().asLong(),
                        UNPLAYABLE.getOrDefault(each.getKey(), each.getKey()))));
    if (!parts.isEmpty()) {
      out.println("  cannot be replayed: " + String.join(", ", parts));
    }
  }
}
