package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.CommandGroup;
import dev.remit.cli.Reason;
import dev.remit.cli.SecondPerson;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The switch that two people hold.
@Command(
    name = "enforcement",
    header = "Show whether policy is enforced; switch it off with a second person.",
    description = {
      "While policy is only observed, decisions are made and recorded as always, and calls pass",
      "whatever they say. Tokens, suspensions, grants and reviewed definitions hold all the same.",
      "It needs two people with the role break-glass, and ends by itself.",
      "Without more it shows how things stand."
    })
public final class EnforcementCommand extends ServerCommand implements CommandGroup {
  private static final String PATH = "/v1/enforcement";

  public EnforcementCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "observe", new Observe(terminal),
        "approve", new Approve(terminal),
        "enforce", new Enforce(terminal));
  }

  @Override
  public Integer call() {
    tell(server().get(PATH), EnforcementCommand::show);
    return 0;
  }

  /// Prints how things stand, in capitals when policy is not enforced.
  private static void show(JsonNode state, PrintWriter out) {
    var current = state.path("current");
    if (state.path("mode").asString().equals("observe")) {
      out.println(
          "POLICY IS NOT ENFORCED until %s (asked for by %s, agreed to by %s)"
              .formatted(
                  current.path("expiresAt").asString(),
                  current.path("requestedBy").asString(),
                  current.path("answeredBy").asString()));
      out.println("  reason  " + current.path("reason").asString());
      out.println("  next    remit enforcement enforce");
      return;
    }
    out.println("Policy is enforced.");
    if (!current.isMissingNode()) {
      out.println(
          "  %s asks to observe only, for %s: %s"
              .formatted(
                  current.path("requestedBy").asString(),
                  current.path("for").asString(),
                  current.path("reason").asString()));
      out.println("  next    remit enforcement approve " + current.path("id").asString());
    }
  }

  /// Asks.
  @Command(
      name = "observe",
      header = "Ask for policy to be observed and not enforced, for a while.")
  static final class Observe extends ServerCommand {
    @Option(
        names = "--for",
        required = true,
        paramLabel = "TIME",
        description = "How long, such as 30m or 2h; at most as the server is configured (24h).")
    private String time = "";

    @Mixin private final Reason reason = new Reason();

    Observe(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = reason.in(JsonMapper.shared().createObjectNode().put("for", iso(time).toString()));
      tell(server().post(PATH, body), EnforcementCommand::show);
      return 0;
    }

    private static Duration iso(String time) {
      try {
        return Duration.parse("PT" + time.strip().toUpperCase(Locale.ROOT));
      } catch (DateTimeParseException e) {
        throw new CommandFailed(
            "`" + time + "` is not a length of time", "write it like 30m, 2h or 1h30m", e);
      }
    }
  }

  /// Agrees.
  @Command(name = "approve", header = SecondPerson.HEADER)
  static final class Approve extends SecondPerson {
    @Parameters(paramLabel = "ID", description = "Which wish, as `remit enforcement` shows it.")
    private String id = "";

    Approve(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var state = answer(PATH + "/" + Segment.of(id));
      tell(state, EnforcementCommand::show);
      return 0;
    }
  }

  /// Ends it.
  @Command(name = "enforce", header = "Enforce policy again now; one person is enough.")
  static final class Enforce extends ServerCommand {
    Enforce(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      tell(server().delete(PATH), EnforcementCommand::show);
      return 0;
    }
  }
}
