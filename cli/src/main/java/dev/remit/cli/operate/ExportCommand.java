package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Reason;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How entries leave the ledger.
@Command(
    name = "export",
    header = "See how far the ledger was sent to others; send a part again.",
    description = {
      "Exports are declared in the server's configuration. Each sends this node's log from its own",
      "position, at least once; what comes twice has the same id.",
    })
public final class ExportCommand implements Runnable, CommandGroup {
  private static final String PATH = "/v1/exports";

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public ExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("list", new ListExports(terminal), "rewind", new Rewind(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: list or rewind");
  }

  /// `remit export list`.
  @Command(
      name = "list",
      header = "List exports: how far each came, what is in its way, what it set aside.")
  private static final class ListExports extends ServerCommand {
    ListExports(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var list = server().get(PATH);
      tell(
          list,
          out -> {
            var table =
                new Table("EXPORT", "FORMAT", "STATE", "NEXT", "LAG", "HELD", "ASIDE", "TROUBLE");
            list.path("items").forEach(item -> table.row(row(item)));
            if (table.isEmpty()) {
              out.println("No export is configured.");
            } else {
              table.print(out);
            }
          });
      return 0;
    }

    private static String[] row(JsonNode item) {
      long aside =
          item.path("setAside").valueStream().mapToLong(one -> one.path("entries").asLong(0)).sum();
      return new String[] {
        item.path("name").asString(),
        item.path("format").asString(),
        item.path("state").asString(),
        item.path("next").asString(""),
        item.path("lag").asString(""),
        item.path("held").asString(""),
        Long.toString(aside),
        item.path("trouble").asString("")
      };
    }
  }

  /// `remit export rewind`.
  @Command(
      name = "rewind",
      header = "Let an export send from another entry on.",
      description = {
        "Needs the role admin or security, and is recorded. Going on to a later entry leaves out",
        "those in between.",
      })
  private static final class Rewind extends ServerCommand {
    @Parameters(paramLabel = "NAME", description = "Which one, as `remit export list` shows it.")
    private String name = "";

    @Option(
        names = "--to",
        required = true,
        paramLabel = "INDEX",
        description = "The entry to send next; 0 is the first of the ledger.")
    private long to;

    @Mixin private final Reason reason = new Reason();

    Rewind(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = reason.in(JsonMapper.shared().createObjectNode().put("to", to));
      var path = PATH + "/" + Segment.of(name) + "/rewind";
      var standing = server().post(path, body);
      tell(
          standing,
          out ->
              out.println(
                  "%s sends from entry %s on".formatted(name, standing.path("next").asString(""))));
      return 0;
    }
  }
}
