package dev.remit.cli.registry;

import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import dev.remit.cli.Yaml;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Shows everything about one declared thing.
@Command(
    name = "describe",
    header = "Show one declared thing: what it is, what names it, and its history.",
    description = {
      "Also shows what is retired. For a tool, says who reviewed its definition and when.",
      "",
      "Exit codes: 0 shown, 1 error or never declared."
    })
public final class DescribeCommand extends ServerCommand {
  @Parameters(
      index = "0",
      paramLabel = "KIND",
      completionCandidates = Kinds.class,
      description = "What kind of thing.")
  private String kind = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "Which one.")
  private String name = "";

  public DescribeCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var one = server().get(Kinds.path(kind, name));
    tell(one, out -> print(out, one));
    return 0;
  }

  private static void print(PrintWriter out, JsonNode one) {
    out.println(one.path("kind").asString() + " " + one.at("/metadata/name").asString());
    if (one.at("/status/retired").asBoolean(false)) {
      out.println("Retired.");
    }
    out.println();
    out.print(Yaml.text(one.path("spec")));
    var reviewed = one.path("reviewed");
    if (!reviewed.isMissingNode()) {
      out.println();
      out.println(
          "Definition reviewed by "
              + reviewed.path("by").asString()
              + " at "
              + reviewed.path("at").asString());
    }
    printNames(out, one.path("namedBy"));
    out.println();
    var table = new Table("REVISION", "ACTION", "BY", "AT", "DIGEST");
    for (var revision : one.path("history")) {
      table.row(
          revision.path("revision").asString(),
          revision.path("action").asString(),
          revision.path("by").asString(),
          revision.path("at").asString(),
          revision.path("digest").asString());
    }
    table.print(out);
  }

  private static void printNames(PrintWriter out, JsonNode refs) {
    if (!refs.isEmpty()) {
      out.println();
      out.println("Named by:");
      refs.forEach(ref ->
          out.println("  " + ref.path("kind").asString() + "/" + ref.path("name").asString()));
    }
  }
}
