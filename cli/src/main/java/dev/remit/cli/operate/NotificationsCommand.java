package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How people are told what asks them.
@Command(
    name = "notifications",
    header = "See how people are told what asks them; try a channel.",
    description = {
      "Channels are declared in the server's configuration. Each tells what this node's log holds,",
      "at least once; what comes twice has the same id.",
    })
public final class NotificationsCommand implements Runnable, CommandGroup {
  private static final String PATH = "/v1/notifications";

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public NotificationsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("list", new ListChannels(terminal), "test", new Test(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what: list or test");
  }

  /// `remit notifications list`.
  @Command(
      name = "list",
      header = "List channels: what each has taken, what is in its way, what was set aside.")
  private static final class ListChannels extends ServerCommand {
    ListChannels(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var list = server().get(PATH);
      tell(
          list,
          out -> {
            var table =
                new Table("CHANNEL", "KIND", "TO", "TAKEN", "BEHIND", "HELD", "ASIDE", "TROUBLE");
            list.path("items").forEach(item -> table.row(row(item)));
            if (table.isEmpty()) {
              out.println("No channel is configured: nobody is told anything.");
            } else {
              table.print(out);
            }
          });
      return 0;
    }

    private static String[] row(JsonNode item) {
      return new String[] {
        item.path("name").asString(),
        item.path("kind").asString(),
        item.path("to").asString(""),
        item.path("taken").asString(""),
        item.path("behind").asString(""),
        item.path("held").asString(""),
        item.path("setAside").asString(""),
        item.path("trouble").asString("")
      };
    }
  }

  /// `remit notifications test`.
  @Command(
      name = "test",
      header = "Send a message that asks nothing, and say what became of it.",
      description =
          "Needs the role admin or security. Mail goes to the channel's recipients, or to"
              + " you.")
  private static final class Test extends ServerCommand {
    @Parameters(
        paramLabel = "CHANNEL",
        description = "Which one, as `remit notifications list` shows it.")
    private String name = "";

    Test(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var nothing = JsonMapper.shared().createObjectNode();
      var path = PATH + "/" + Segment.of(name) + "/test";
      var said = server().post(path, nothing);
      tell(
          said,
          out -> {
            out.println(name + " has taken it");
            if (said.has("why")) {
              out.println("  not by all: " + said.path("why").asString(""));
            }
          });
      return 0;
    }
  }
}
