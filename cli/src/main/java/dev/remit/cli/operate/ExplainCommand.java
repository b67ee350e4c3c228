package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import dev.remit.cli.Yaml;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Says why a call was allowed, held or denied, or would be.
@Command(
    name = "explain",
    header = "Say why a call was allowed, held or denied, or would be.",
    description = {
      "Shows one decision with the policies that made it and, where it was not an allow, what",
      "nearly decided otherwise, what kept it, and what to do. A decision's id stands in each",
      "refusal; `last` is the newest. With --tool or --action it explains what would be decided;",
      "nothing is called or recorded.",
    },
    footer = {
      "",
      "Examples:",
      "  remit explain last",
      "  remit explain last --fix fix.yaml",
      "  remit explain --tool files/read_file --args '{\"path\": \"/etc/passwd\"}' --stage pilot",
    })
public final class ExplainCommand extends ServerCommand {
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
  private static final List<String> WHY = List.of("because", "errors", "obligations", "notify");

  @Parameters(
      arity = "0..1",
      paramLabel = "ID|last",
      description = "The decision's id, or `last` (the default).")
  private String id = "last";

  @ArgGroup(validate = false, heading = "%nWhat would be decided:%n")
  private Supposed supposed = new Supposed();

  @Option(
      names = "--fix",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Write the manifest that would help to this file, to be read and applied.")
  private String fix = "";

  public ExplainCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var client = server();
    var decision =
        supposed.isAsked()
            ? client.post("/v1/decisions/explain", supposed.body())
            : client.get("/v1/decisions/" + Segment.of(id));
    tell(decision, out -> print(decision, out));
    if (!fix.isEmpty()) {
      write(decision.path("fix").path("manifest"));
    }
    return 0;
  }

  private void write(JsonNode manifest) {
    if (!manifest.isObject()) {
      throw new CommandFailed(
          "no manifest would help here", "`next` says what would; run it without --fix");
    }
    try {
      Files.writeString(terminal.resolve(fix), Yaml.text(manifest));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + fix, e);
    }
  }

  private static void print(JsonNode decision, PrintWriter out) {
    if (decision.has("id")) {
      out.println(decision.path("id").asString("") + " at " + decision.path("at").asString(""));
    }
    out.println(decision.path("summary").asString(decision.path("outcome").asString("")));
    out.println();
    for (var member : ASKED) {
      line(out, member, decision.path(member).asString(""));
    }
    for (var member : WHY) {
      decision.path(member).forEach(one -> line(out, member, one.asString("")));
    }
    var why = decision.has("reasons") ? "reasons" : "nearly";
    decision.path(why).forEach(one -> line(out, why, one.asString("")));
    line(out, "next", decision.path("nextStep").asString(""));
    var fix = decision.path("fix");
    if (fix.has("task")) {
      line(out, "task", fix.path("task").toString());
    }
    line(out, "call", fix.path("tool").asString(""));
    if (fix.has("arguments")) {
      line(out, "arguments", fix.path("arguments").toString());
    }
    fix.path("run").forEach(command -> line(out, "run", command.asString("")));
  }

  private static void line(PrintWriter out, String name, String text) {
    if (!text.isEmpty()) {
      out.println("  " + name + " ".repeat(Math.max(1, 10 - name.length())) + text);
    }
  }
}
