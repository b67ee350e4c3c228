package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Reason;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Changes of what decides identities.
@Command(
    name = "changes",
    header = "See what changed of models, prompts and tools; evaluate, approve, take back.",
    description = {
      "A change is opened by `remit apply`, by a notice (`open`), or by what is seen in answers.",
      "Until somebody else has approved it, the grants that rest on it grant nothing. Without more",
      "it lists changes, newest first.",
    })
public final class ChangesCommand extends ServerCommand implements CommandGroup {
  private static final String PATH = "/v1/changes";

  @Option(names = "--state", paramLabel = "STATE", description = "Only those in it.")
  private String state = "";

  public ChangesCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    var commands = new TreeMap<String, Object>();
    commands.put("show", new Show(terminal));
    commands.put("open", new Open(terminal));
    commands.put("evaluate", new EvaluateChange(terminal));
    commands.put("evaluated", new Evaluated(terminal));
    commands.put("approve", new Answer.Approve(terminal));
    commands.put("reject", new Answer.Reject(terminal));
    commands.put("suspend", new Suspend(terminal));
    commands.put("rollback", new Rollback(terminal));
    return commands;
  }

  @Override
  public Integer call() {
    var path = state.isEmpty() ? PATH : PATH + "?state=" + Segment.of(state);
    var list = server().get(path);
    tell(list, out -> table(list.path("items")).print(out));
    return 0;
  }

  private static Table table(JsonNode items) {
    var table = new Table("ID", "STATE", "CLASS", "IDENTITY", "MODEL", "SUSPENDS", "WHY");
    for (var item : items) {
      table.row(
          item.path("id").asString(""),
          item.path("state").asString(""),
          item.path("class").asString(""),
          item.path("identity").asString(""),
          item.path("model").asString(""),
          words(item.path("suspends")),
          item.path("why").asString(""));
    }
    return table;
  }

  private static String words(JsonNode array) {
    return array.valueStream().map(one -> one.asString("")).collect(Collectors.joining(", "));
  }

  private static void show(PrintWriter out, JsonNode change) {
    line(out, "change", change.path("id").asString(""));
    line(out, "identity", change.path("identity").asString(""));
    line(out, "model", change.path("model").asString(""));
    line(out, "state", change.path("state").asString(""));
    line(out, "why", change.path("why").asString(""));
    line(out, "class", change.path("class").asString(""));
    line(out, "suspends", words(change.path("suspends")));
    line(out, "needs", words(change.path("suites")));
    line(out, "asked by", change.path("requestedBy").asString(""));
    line(out, "approved by", change.path("approvedBy").asString(""));
    line(out, "until", change.path("expiresAt").asString(""));
    for (var one : change.path("evaluations")) {
      line(
          out,
          "evaluation",
          one.path("suite").asString("")
              + ": "
              + one.path("verdict").asString("")
              + " ("
              + how(one)
              + ")");
    }
    for (var one : change.path("missing")) {
      line(out, "missing", one.path("suite").asString("") + ": " + one.path("why").asString(""));
    }
    next(change).ifPresent(next -> line(out, "next", next));
    assessed(out, change.path("assessment"));
  }

  /// Whose word a verdict is: an evaluation's, or a person's who was told of one.
  private static String how(JsonNode one) {
    var run = one.path("run").asString("");
    var said = one.path("said").asString("");
    var whose =
        switch (one.path("how").asString("")) {
          case "run" -> run;
          case "imported" -> run + ", imported";
          default -> run + ", elsewhere, says " + one.path("by").asString("");
        };
    return said.isEmpty() ? whose : whose + "; " + said;
  }

  private static Optional<String> next(JsonNode change) {
    var id = change.path("id").asString("");
    return switch (change.path("state").asString("")) {
      case "classified" -> Optional.of("remit changes evaluate " + id);
      case "evaluated" ->
          Optional.of("somebody else: remit changes approve " + id + " --reason TEXT");
      default -> Optional.empty();
    };
  }

  private static void assessed(PrintWriter out, JsonNode assessment) {
    for (var point : assessment.path("points")) {
      line(
          out,
          point.path("axis").asString(""),
          point.path("trigger").asString("")
              + ": "
              + point.path("says").asString("")
              + " ["
              + words(point.path("rows"))
              + "]");
    }
    for (var path : assessment.path("access").path("new")) {
      line(
          out,
          "can touch now",
          path.path("thing").asString("")
              + " ("
              + words(path.path("effects"))
              + "; "
              + words(path.path("dataClasses"))
              + ") by grant "
              + path.path("grant").asString(""));
    }
    assessment.path("tighter").forEach(one -> line(out, "tighter", one.asString("")));
  }

  private static void line(PrintWriter out, String name, String value) {
    if (!value.isEmpty()) {
      out.println("  " + name + " ".repeat(Math.max(1, 20 - name.length())) + value);
    }
  }

  private static String path(String id) {
    return PATH + "/" + Segment.of(id);
  }

  /// `remit changes show`.
  @Command(
      name = "show",
      header = "Show a change: what differs, what it touches, what it still needs.")
  static final class Show extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "As `remit changes` lists it.")
    private String id = "";

    Show(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var change = server().get(path(id));
      tell(change, out -> show(out, change));
      return 0;
    }
  }

  /// `remit changes open`.
  @Command(
      name = "open",
      header = "Open a change because of a provider's notice, or of what was seen.",
      description = {
        "The identity may only read from then on, or what the model's criteria of rollback say.",
      })
  static final class Open extends ServerCommand {
    @Option(names = "--identity", required = true, description = "Its name.")
    private String identity = "";

    @Option(
        names = "--kind",
        paramLabel = "WORD",
        description = "What it is about: notice (the default), model, service-tier, …")
    private String kind = "notice";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "What is so now; it is recorded.")
    private String reason = "";

    Open(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body =
          JsonMapper.shared()
              .createObjectNode()
              .put("identity", identity)
              .put("kind", kind)
              .put("value", reason);
      var change = server().post(PATH, body);
      tell(change, out -> show(out, change));
      return 0;
    }
  }

  /// `remit changes evaluated`.
  @Command(
      name = "evaluated",
      header = "Write down what an evaluation elsewhere has said of a change.",
      description = {
        "Shown as somebody's word. What `remit changes evaluate` has planned is read by itself.",
      })
  static final class Evaluated extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "As `remit changes` lists it.")
    private String id = "";

    @Option(names = "--suite", required = true, description = "Which suite, by name.")
    private String suite = "";

    @Option(
        names = "--run",
        required = true,
        description = "Where the run is on record, such as its id.")
    private String run = "";

    @Option(names = "--verdict", required = true, description = "pass, fail or inconclusive.")
    private String verdict = "";

    Evaluated(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body =
          JsonMapper.shared()
              .createObjectNode()
              .put("suite", suite)
              .put("run", run)
              .put("verdict", verdict);
      var change = server().post(path(id) + "/evaluations", body);
      tell(change, out -> show(out, change));
      return 0;
    }
  }

  /// `remit changes approve` and `reject`.
  abstract static class Answer extends ServerCommand {
    private final boolean agrees;

    @Parameters(paramLabel = "ID", description = "As `remit changes` lists it.")
    private String id = "";

    @Mixin private final Reason reason = new Reason();

    Answer(Terminal terminal, boolean agrees) {
      super(terminal);
      this.agrees = agrees;
    }

    @Override
    public Integer call() {
      var body = reason.in(JsonMapper.shared().createObjectNode().put("agree", agrees));
      var change = server().post(path(id) + "/answer", body);
      tell(change, out -> show(out, change));
      return 0;
    }

    @Command(name = "approve", header = "Approve what somebody else has declared.")
    static final class Approve extends Answer {
      Approve(Terminal terminal) {
        super(terminal, true);
      }
    }

    @Command(name = "reject", header = "Decline a change; nothing is permitted with it then.")
    static final class Reject extends Answer {
      Reject(Terminal terminal) {
        super(terminal, false);
      }
    }
  }

  /// `remit changes suspend`.
  @Command(name = "suspend", header = "Stop what a change has brought into use, at once.")
  static final class Suspend extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "As `remit changes` lists it.")
    private String id = "";

    @Mixin private final Reason reason = new Reason();

    Suspend(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var change = server().post(path(id) + "/suspend", reason.body());
      tell(change, out -> show(out, change));
      return 0;
    }
  }

  /// `remit changes rollback`.
  @Command(
      name = "rollback",
      header = "Declare again what was approved before, in one apply.",
      description = {"The model, the identity, its grants and tools are what they were."})
  static final class Rollback extends ServerCommand {
    @Parameters(paramLabel = "ID", description = "The change that is taken back.")
    private String id = "";

    @Mixin private final Reason reason = new Reason();

    Rollback(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var done = server().post(path(id) + "/rollback", reason.body());
      tell(
          done,
          out -> {
            out.println(
                "Back to %s in %s ms (target %s)."
                    .formatted(
                        done.path("to").asString(""),
                        done.path("millis").asString("0"),
                        done.path("outcome").asString("")));
            done.path("differences").forEach(one -> out.println("  " + one.asString("")));
            if (!done.path("whole").asBoolean(false)) {
              out.println("What is declared now is not all that was approved: look at it.");
            }
          });
      return done.path("whole").asBoolean(false) ? 0 : 1;
    }
  }
}
