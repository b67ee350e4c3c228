package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Reason;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Keeps content from being erased.
@Command(
    name = "legal-hold",
    header = "Keep what is about a task, a person or a workflow from being erased.",
    description = {
      "While a legal hold stands, neither `remit erase` nor retention touches what is under it.",
      "Without more it lists them. Placing and lifting need the role security or admin."
    })
public final class LegalHoldCommand extends ServerCommand implements CommandGroup {
  private static final String PATH = "/v1/legal-holds";

  public LegalHoldCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("place", new Place(terminal), "lift", new Lift(terminal));
  }

  @Override
  public Integer call() {
    var list = server().get(PATH);
    tell(
        list,
        out -> {
          var table = new Table("LEGAL HOLD", "ON", "PLACED", "LIFTED", "REASON");
          list.path("items").forEach(hold -> table.row(row(hold)));
          if (table.isEmpty()) {
            out.println("No legal hold was ever placed.");
          } else {
            table.print(out);
          }
        });
    return 0;
  }

  private static String[] row(JsonNode hold) {
    var lifted = hold.path("liftedAt").asString("");
    return new String[] {
      hold.path("id").asString(),
      on(hold),
      hold.path("placedAt").asString() + " " + hold.path("placedBy").asString(),
      lifted.isEmpty() ? "stands" : lifted + " " + hold.path("liftedBy").asString(),
      hold.path("reason").asString()
    };
  }

  private static String on(JsonNode hold) {
    return Stream.of("task", "person", "workflow")
        .filter(hold::has)
        .map(kind -> kind + " " + hold.path(kind).asString())
        .findFirst()
        .orElse("");
  }

  /// Places one.
  @Command(name = "place", header = "Place a legal hold.")
  static final class Place extends ServerCommand {
    @ArgGroup(multiplicity = "1")
    private On on = new On();

    @Mixin private final Reason reason = new Reason();

    /// What it is on.
    static final class On {
      @Option(names = "--task", paramLabel = "ID", description = "One task.")
      private Optional<String> task = Optional.empty();

      @Option(
          names = "--person",
          paramLabel = "NAME",
          description = "A person: what they wrote, and the tasks that acted for them.")
      private Optional<String> person = Optional.empty();

      @Option(names = "--workflow", paramLabel = "NAME", description = "A workflow.")
      private Optional<String> workflow = Optional.empty();
    }

    Place(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = reason.body();
      on.task.ifPresent(id -> body.put("task", id));
      on.person.ifPresent(name -> body.put("person", name));
      on.workflow.ifPresent(name -> body.put("workflow", name));
      var hold = server().post(PATH, body);
      tell(hold, out -> out.println(hold.path("id").asString() + " stands on " + on(hold)));
      return 0;
    }
  }

  /// Lifts one.
  @Command(name = "lift", header = "Lift a legal hold.")
  static final class Lift extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "Which one, as `remit legal-hold` lists it.")
    private String id = "";

    @Mixin private final Reason reason = new Reason();

    Lift(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var hold = server().post(PATH + "/" + Segment.of(id) + "/lift", reason.body());
      tell(hold, out -> out.println(id + " on " + on(hold) + " is lifted"));
      return 0;
    }
  }
}
