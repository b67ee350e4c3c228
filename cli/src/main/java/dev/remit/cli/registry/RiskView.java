package dev.remit.cli.registry;

import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;

/// Prints for people which workflows would be riskier, or less so.
final class RiskView {
  private RiskView() {}

  /// Prints `risks`; nothing where no class changes.
  static void print(PrintWriter out, JsonNode risks) {
    for (var risk : risks) {
      var before = risk.path("before").asString("none");
      var after = risk.path("after").asString("");
      if (!before.equals(after)) {
        var because = risk.path("because").valueStream().map(one -> one.asString("")).toList();
        out.println(
            "%s of workflow `%s`: %s → %s (%s)"
                .formatted(
                    risk.path("rises").asBoolean(false) ? "THE RISK RISES" : "The risk",
                    risk.path("workflow").asString(""),
                    before,
                    after,
                    String.join(", ", because)));
      }
    }
  }
}
