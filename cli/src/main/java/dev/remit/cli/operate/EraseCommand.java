package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Destroys the keys of what was kept about a task, a person or a workflow's past.
@Command(
    name = "erase",
    header = "Erase what was kept about a task, a person or a workflow's past, for good.",
    description = {
      "Prompts, arguments, answers and people's words are unreadable from then on. Who did what,",
      "when and by whose leave stays on record, and every proof still verifies: it says *erased*.",
      "Shows first how much it would be, and asks. Needs the role privacy.",
    },
    footer = {
      "",
      "Example:",
      "  remit erase --workflow invoices --before 2026-01-01 --reason \"end of retention\""
    })
public final class EraseCommand extends ServerCommand {
  private static final String PATH = "/v1/erasure";

  /// Some thousands of keys at a time, one commit after the other.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @ArgGroup(multiplicity = "1")
  private Whose whose = new Whose();

  @Option(
      names = "--before",
      paramLabel = "DAY",
      description = "Of a workflow: what was recorded before this day, in UTC.")
  private Optional<String> before = Optional.empty();

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; it is recorded, and never erased.")
  private String reason = "";

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  /// About one thing.
  static final class Whose {
    @Option(names = "--task", paramLabel = "ID", description = "Everything of one task.")
    private Optional<String> task = Optional.empty();

    @Option(
        names = "--person",
        paramLabel = "NAME",
        description = "Everything a person wrote, and of every task that acted for them.")
    private Optional<String> person = Optional.empty();

    @Option(
        names = "--workflow",
        paramLabel = "NAME",
        description = "Everything of a workflow before a day.")
    private Optional<String> workflow = Optional.empty();

    String kind() {
      return task.isPresent() ? "task" : person.isPresent() ? "person" : "workflow";
    }

    String name() {
      return task.or(() -> person).or(() -> workflow).orElse("");
    }
  }

  public EraseCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var client = server();
    var query = PATH + "?" + whose.kind() + "=" + Segment.of(whose.name());
    var due = client.get(query + before.map(day -> "&before=" + Segment.of(day)).orElse(""));
    terminal.err().println("to be erased for good: " + amount(due));
    if (!yes) {
      confirm();
    }
    var body = JsonMapper.shared().createObjectNode();
    body.put(whose.kind(), whose.name()).put("reason", reason);
    before.ifPresent(day -> body.put("before", day));
    var erased = client.post(PATH, body, PATIENCE);
    tell(erased, out -> out.println("erased " + amount(erased)));
    return 0;
  }

  private String amount(JsonNode amount) {
    long left = amount.path("left").asLong();
    return "%s under %s of %s %s%s"
        .formatted(
            Amount.of(amount.path("bodies").asLong(), "body", "bodies"),
            Amount.of(amount.path("keys").asLong(), "key", "keys"),
            whose.kind(),
            whose.name(),
            left == 0
                ? ""
                : "; of tasks still at work, and kept: " + Amount.of(left, "key", "keys"));
  }

  /// Asks for the name once more, which nobody types by accident.
  private void confirm() {
    if (!terminal.interactive()) {
      throw new CommandFailed("nobody is there to be asked", "add --yes if you mean it");
    }
    terminal.err().print("type `" + whose.name() + "` to erase it: ");
    terminal.err().flush();
    if (!typed().strip().equals(whose.name())) {
      throw new CommandFailed("nothing was erased", "type the name exactly, or add --yes");
    }
  }

  private String typed() {
    try {
      var line =
          new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8))
              .readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException("read the answer", e);
    }
  }
}
