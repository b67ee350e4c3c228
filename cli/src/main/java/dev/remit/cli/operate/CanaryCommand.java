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
import tools.jackson.databind.json.JsonMapper;

/// Plants secrets that open nothing, and says where they turned up.
@Command(
    name = "canary",
    header = "Plant secrets that open nothing, and see where they turn up.",
    description = {
      "A canary waits where no work leads. Where it flows through Remit, somebody has read what",
      "was not for them, or was made to carry it off: a finding, and a fact for policy.",
      "Without more it lists them. Planting and retiring need the role security or admin."
    })
public final class CanaryCommand extends ServerCommand implements CommandGroup {
  private static final String PATH = "/v1/canaries";

  public CanaryCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "plant", new Plant(terminal), "retire", new Retire(terminal), "seen", new Seen(terminal));
  }

  @Override
  public Integer call() {
    var list = server().get(PATH);
    tell(
        list,
        out -> {
          var table = new Table("CANARY", "OF", "OWNER", "PLANTED", "RETIRED", "PLACE");
          list.path("items").forEach(canary -> table.row(row(canary)));
          if (table.isEmpty()) {
            out.println("No canary was ever planted.");
          } else {
            table.print(out);
          }
        });
    return 0;
  }

  private static String[] row(JsonNode canary) {
    var retired = canary.path("retiredAt").asString("");
    return new String[] {
      canary.path("id").asString(),
      of(canary),
      canary.path("owner").asString(),
      canary.path("plantedAt").asString() + " " + canary.path("plantedBy").asString(),
      retired.isEmpty() ? "no" : retired + " " + canary.path("retiredBy").asString(),
      canary.path("place").asString()
    };
  }

  private static String of(JsonNode canary) {
    return Stream.of("workflow", "resource")
        .filter(canary::has)
        .map(kind -> kind + " " + canary.path(kind).asString())
        .findFirst()
        .orElse("");
  }

  /// Plants one, or declares one that is there already.
  @Command(
      name = "plant",
      header = "Plant a canary, and print its value once.",
      description = "Put the value where --place says; nobody can ask for it again.")
  static final class Plant extends ServerCommand {
    @ArgGroup(multiplicity = "1")
    private Of of = new Of();

    @Option(
        names = "--place",
        required = true,
        paramLabel = "TEXT",
        description = "Where it is put, in words.")
    private String place = "";

    @Option(
        names = "--owner",
        paramLabel = "NAME",
        description = "Who answers for it; the workflow's owner if not said.")
    private Optional<String> owner = Optional.empty();

    @Option(
        names = "--value",
        paramLabel = "TEXT",
        description = {
          "One that is there already, of at least 12 bytes, instead of a new one.",
          "It opens nothing, so it may stand on a command line."
        })
    private Optional<String> value = Optional.empty();

    /// What it belongs to.
    static final class Of {
      @Option(names = "--workflow", paramLabel = "NAME", description = "A workflow.")
      private Optional<String> workflow = Optional.empty();

      @Option(names = "--resource", paramLabel = "NAME", description = "A resource.")
      private Optional<String> resource = Optional.empty();
    }

    Plant(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode().put("place", place);
      of.workflow.ifPresent(name -> body.put("workflow", name));
      of.resource.ifPresent(name -> body.put("resource", name));
      owner.ifPresent(name -> body.put("owner", name));
      value.ifPresent(text -> body.put("value", text));
      var canary = server().post(PATH, body);
      tell(
          canary,
          out -> {
            out.println(canary.path("id").asString() + " is looked for; of " + of(canary));
            if (canary.has("value")) {
              out.println(canary.path("value").asString());
            }
          });
      return 0;
    }
  }

  /// Retires one.
  @Command(name = "retire", header = "Look for a canary no longer.")
  static final class Retire extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "Which one, as `remit canary` lists it.")
    private String id = "";

    @Mixin private final Reason reason = new Reason();

    Retire(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var canary = server().post(PATH + "/" + Segment.of(id) + "/retire", reason.body());
      tell(canary, out -> out.println(id + " is no longer looked for"));
      return 0;
    }
  }

  /// Says where one was seen.
  @Command(name = "seen", header = "Say where a canary was seen.")
  static final class Seen extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "Which one, as `remit canary` lists it.")
    private String id = "";

    Seen(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var seen = server().get(PATH + "/" + Segment.of(id) + "/sightings");
      tell(
          seen,
          out -> {
            var table = new Table("AT", "IN", "OF", "IDENTITY", "TASK", "DECISION");
            seen.path("items").forEach(one -> table.row(row(one)));
            if (table.isEmpty()) {
              out.println(id + " was never seen.");
            } else {
              table.print(out);
            }
          });
      return 0;
    }

    private static String[] row(JsonNode seen) {
      return Stream.of("at", "in", "target", "identity", "task", "decision")
          .map(member -> seen.path(member).asString())
          .toArray(String[]::new);
    }
  }
}
