package dev.remit.cli.policy;

import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;

/// Prints the answer of a policy test for people: what failed and why, then what no case shows.
final class PolicyTestView {
  private final PrintWriter out;

  PolicyTestView(PrintWriter out) {
    this.out = out;
  }

  void print(JsonNode answer, int coverageMin) {
    answer.path("cases").forEach(this::print);
    int passed = answer.path("passed").asInt(0);
    int failed = answer.path("failed").asInt(0);
    out.println();
    out.println(passed + " passed, " + failed + " failed.");
    printCoverage(answer.path("coverage"), coverageMin);
  }

  private void print(JsonNode one) {
    if (one.path("passed").asBoolean(false)) {
      out.println("ok    " + text(one, "name"));
      return;
    }
    out.println("FAIL  " + text(one, "name") + "  (" + place(one) + ")");
    out.println("      expected " + said(one, "expected", "expectedBecause"));
    out.println("      decided  " + said(one, "decided", "because"));
    one.path("reasons").forEach(reason -> out.println("      - " + reason.asString("")));
  }

  private static String said(JsonNode one, String outcome, String because) {
    var names = one.path(because).valueStream().map(name -> "`" + name.asString("") + "`").toList();
    return text(one, outcome) + (names.isEmpty() ? "" : " because of " + String.join(", ", names));
  }

  private void printCoverage(JsonNode coverage, int coverageMin) {
    int percent = coverage.path("percent").asInt(0);
    out.println(
        "Coverage: "
            + percent
            + " % ("
            + coverage.path("seen").asInt(0)
            + " of "
            + coverage.path("of").asInt(0)
            + ")"
            + (percent < coverageMin ? ", less than the " + coverageMin + " % asked for." : "."));
    for (var policy : coverage.path("policies")) {
      for (var missing : policy.path("missing")) {
        var condition = text(missing, "condition");
        out.println(
            "  never "
                + text(missing, "never")
                + ": "
                + (condition.isEmpty() ? "" : "`" + condition + "` of ")
                + "`"
                + text(policy, "policy")
                + "` ("
                + text(missing, "file")
                + ":"
                + missing.path("line").asInt(0)
                + ")");
      }
    }
  }

  private static String place(JsonNode one) {
    return text(one, "file") + ":" + one.path("line").asInt(0);
  }

  private static String text(JsonNode one, String member) {
    return one.path(member).asString("");
  }
}
