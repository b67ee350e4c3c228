package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Keeps content from being erased.
@Command(
    name = "legal-hold",
    header = "Keep what is about a task, a person or a workflow from being erased.",
    description = {
      "While a legal hold stands, neither `remit erase` nor retention touches what is under it.",
      "Without more it lists them. Placing and lifting need the role security or admin."
    })
public final class LegalHoldCommand implements Callable<Integer>, CommandGroup {
  private static final String PATH = "/v1/legal-holds";

  private final Terminal terminal;

  @Mixin private final Output output;

  public LegalHoldCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("place", new Place(terminal), "lift", new Lift(terminal));
  }

  @Override
  public Integer call() {
    var list = RemitClient.of(terminal).get(PATH);
    output.print(
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
  static final class Place implements Callable<Integer> {
    private final Terminal terminal;

    @ArgGroup(multiplicity = "1")
    private On on = new On();

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; it is recorded.")
    private String reason = "";

    @Mixin private final Output output;

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
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode().put("reason", reason);
      on.task.ifPresent(id -> body.put("task", id));
      on.person.ifPresent(name -> body.put("person", name));
      on.workflow.ifPresent(name -> body.put("workflow", name));
      var hold = RemitClient.of(terminal).post(PATH, body);
      output.print(hold, out -> out.println(hold.path("id").asString() + " stands on " + on(hold)));
      return 0;
    }
  }

  /// Lifts one.
  @Command(name = "lift", header = "Lift a legal hold.")
  static final class Lift implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "Which one, as `remit legal-hold` lists it.")
    private String id = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; it is recorded.")
    private String reason = "";

    @Mixin private final Output output;

    Lift(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode().put("reason", reason);
      var hold = RemitClient.of(terminal).post(PATH + "/" + Segment.of(id) + "/lift", body);
      output.print(hold, out -> out.println(id + " on " + on(hold) + " is lifted"));
      return 0;
    }
  }
}
