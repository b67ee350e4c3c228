package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.CommandGroup;
import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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
public final class EnforcementCommand implements Callable<Integer>, CommandGroup {
  private static final String PATH = "/v1/enforcement";

  private final Terminal terminal;

  @Mixin private final Output output;

  public EnforcementCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
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
    show(output, RemitClient.of(terminal).get(PATH));
    return 0;
  }

  private static void show(Output output, JsonNode state) {
    output.print(state, out -> print(state, out));
  }

  /// Prints how things stand, in capitals when policy is not enforced.
  private static void print(JsonNode state, PrintWriter out) {
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
  static final class Observe implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
        names = "--for",
        required = true,
        paramLabel = "TIME",
        description = "How long, such as 30m or 2h; at most as the server is configured (24h).")
    private String time = "";

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; it is recorded.")
    private String reason = "";

    @Mixin private final Output output;

    Observe(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var body =
          JsonMapper.shared()
              .createObjectNode()
              .put("for", iso(time).toString())
              .put("reason", reason);
      show(output, RemitClient.of(terminal).post(PATH, body));
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
  @Command(name = "approve", header = "Agree to what somebody else has asked for, or decline it.")
  static final class Approve implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "Which wish, as `remit enforcement` shows it.")
    private String id = "";

    @Option(names = "--decline", description = "Decline it.")
    private boolean decline;

    @Mixin private final Output output;

    Approve(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode().put("agree", !decline);
      var path = PATH + "/" + Segment.of(id) + "/answer";
      show(output, RemitClient.of(terminal).post(path, body));
      return 0;
    }
  }

  /// Ends it.
  @Command(name = "enforce", header = "Enforce policy again now; one person is enough.")
  static final class Enforce implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private final Output output;

    Enforce(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      show(output, RemitClient.of(terminal).delete(PATH));
      return 0;
    }
  }
}
