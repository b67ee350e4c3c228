package dev.remit.cli.registry;

import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import dev.remit.cli.operate.FindingsCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Lists what is declared.
@Command(
    name = "get",
    header = "List what is declared of a kind, or show one of them.",
    description = {
      "KIND is people, data-classes, models, workflows, identities, resources, tools, grants or",
      "policies; the singular will do. With -o yaml, what is shown can be applied again. KIND",
      "findings lists what looks wrong, the most recently seen first.",
      "",
      "Exit codes: 0 shown, 1 error or not there."
    })
public final class GetCommand extends ServerCommand {
  private static final int SUMMARY_MAX = 60;

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      completionCandidates = Kinds.class,
      description = "What kind of thing.")
  private String kind = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Which one.")
  private @Nullable String name;

  public GetCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var client = server();
    if (kind.equals("findings") || kind.equals("finding")) {
      var list = client.get("/v1/findings");
      tell(list, out -> FindingsCommand.table(list.path("items")).print(out));
    } else if (name == null) {
      var list = client.get(Kinds.path(kind));
      tell(list, out -> table(list.path("items").valueStream().toList()).print(out));
    } else {
      var one = client.get(Kinds.path(kind, name));
      tell(one, out -> table(List.of(one)).print(out));
    }
    return 0;
  }

  private static Table table(List<JsonNode> items) {
    var table = new Table("NAME", "DECLARES", "REVISION", "BY", "AT");
    for (var item : items) {
      var status = item.path("status");
      table.row(
          item.at("/metadata/name").asString(),
          suspended(status) + summary(item.path("spec")),
          status.path("revision").asString(""),
          status.path("by").asString(""),
          status.path("at").asString(""));
    }
    return table;
  }

  private static String suspended(JsonNode status) {
    var suspended = status.path("suspended");
    return suspended.isObject()
        ? "SUSPENDED (" + suspended.path("reason").asString("") + ")  "
        : "";
  }

  /// The few members that tell one from another, in the order in which people ask for them.
  private static String summary(JsonNode spec) {
    var parts = new ArrayList<String>();
    for (var member :
        List.of(
            "displayName",
            "roles",
            "workflow",
            "identity",
            "owner",
            "stage",
            "kind",
            "autonomy",
            "environment",
            "resource",
            "tools",
            "effects",
            "description")) {
      var value = spec.path(member);
      if (value.isString()) {
        parts.add(value.stringValue());
      } else if (value.isArray()) {
        parts.add(String.join(",", value.valueStream().map(JsonNode::asString).toList()));
      }
    }
    var line = String.join("  ", parts);
    return line.length() <= SUMMARY_MAX ? line : line.substring(0, SUMMARY_MAX) + "…";
  }
}
