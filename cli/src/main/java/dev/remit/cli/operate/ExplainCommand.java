package dev.remit.cli.operate;

import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Says why a call was allowed, held or denied.
@Command(
    name = "explain",
    header = "Say why a call was allowed, held or denied.",
    description = {
      "Shows one decision with the policies that made it and, where it was not an allow, what is",
      "missing. Its id stands in each refusal; `last` is the newest.",
    },
    footer = {"", "Example:", "  remit explain last"})
public final class ExplainCommand implements Callable<Integer> {
  private static final List<String> ASKED =
      List.of(
          "identity",
          "workflow",
          "task",
          "intent",
          "action",
          "tool",
          "resource",
          "reason",
          "detail");
  private static final List<String> WHY = List.of("because", "errors", "nearly", "obligations", "notify");

  private final Terminal terminal;

  @Parameters(paramLabel = "ID|last", description = "The decision's id, or `last`.")
  private String id = "last";

  @Mixin private final Output output;

  public ExplainCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var decision = RemitClient.of(terminal).get("/v1/decisions/" + Segment.of(id));
    output.print(decision, out -> print(decision, out));
    return 0;
  }

  private static void print(JsonNode decision, PrintWriter out) {
    out.println(decision.path("id").asString("") + " at " + decision.path("at").asString(""));
    out.println(decision.path("summary").asString(decision.path("outcome").asString("")));
    out.println();
    for (var member : ASKED) {
      line(out, member, decision.path(member).asString(""));
    }
    for (var member : WHY) {
      decision.path(member).forEach(one -> line(out, member, one.asString("")));
    }
    line(out, "next", decision.path("nextStep").asString(""));
  }

  private static void line(PrintWriter out, String name, String text) {
    if (!text.isEmpty()) {
      out.println("  " + name + " ".repeat(Math.max(1, 10 - name.length())) + text);
    }
  }
}
