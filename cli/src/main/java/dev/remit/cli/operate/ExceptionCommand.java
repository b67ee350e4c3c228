package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.CommandGroup;
import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The one way to accept a risk.
@Command(
    name = "exception",
    header = "Accept a finding for a while, with a second person; list what is accepted.",
    description = {
      "Nothing else accepts a risk: closing a finding says that it was dealt with. An exception",
      "ends by itself. Without more it lists them, newest first.",
    })
public final class ExceptionCommand implements Callable<Integer>, CommandGroup {
  private static final String PATH = "/v1/exceptions";

  private final Terminal terminal;

  @Mixin private final Output output;

  public ExceptionCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "request", new Request(terminal),
        "approve", new Approve(terminal),
        "end", new End(terminal));
  }

  @Override
  public Integer call() {
    show(output, RemitClient.of(terminal).get(PATH));
    return 0;
  }

  private static void show(Output output, JsonNode list) {
    output.print(
        list,
        out -> {
          table(list.path("items")).print(out);
          out.println(list.path("accepted").asString("0") + " findings are accepted now");
        });
  }

  private static Table table(JsonNode items) {
    var table =
        new Table("ID", "STATE", "UNTIL", "ASKED BY", "AGREED BY", "FINDING", "ABOUT", "WHY");
    for (var item : items) {
      table.row(
          item.path("id").asString(""),
          item.path("state").asString(""),
          item.path("expiresAt").asString(""),
          item.path("requestedBy").asString(""),
          item.path("answeredBy").asString(""),
          item.path("finding").asString(""),
          item.path("subject").asString(""),
          item.path("reason").asString(""));
    }
    return table;
  }

  /// Asks.
  @Command(name = "request", header = "Ask that a finding be accepted for a while.")
  static final class Request implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "FINDING", description = "As `remit findings` shows it.")
    private String finding = "";

    @Option(
        names = "--days",
        required = true,
        paramLabel = "N",
        description = "How long; at most as the server is configured (90).")
    private int days;

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why it may be accepted, and what bounds the harm; it is recorded.")
    private String reason = "";

    @Mixin private final Output output;

    Request(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      if (days < 1) {
        throw new CommandFailed("`" + days + "` days is no time", "say 1 or more");
      }
      var body =
          JsonMapper.shared()
              .createObjectNode()
              .put("finding", finding)
              .put("for", "P" + days + "D")
              .put("reason", reason);
      var asked = RemitClient.of(terminal).post(PATH, body);
      output.print(
          asked,
          out ->
              out.println(
                  "Somebody else: remit exception approve " + asked.path("id").asString("")));
      return 0;
    }
  }

  /// Agrees.
  @Command(name = "approve", header = "Agree to what somebody else has asked for, or decline it.")
  static final class Approve implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "As `remit exception` lists it.")
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
      var said = RemitClient.of(terminal).post(PATH + "/" + Segment.of(id) + "/answer", body);
      output.print(
          said,
          out ->
              out.println(
                  decline
                      ? "it is not accepted"
                      : "it is accepted until " + said.path("expiresAt").asString("")));
      return 0;
    }
  }

  /// Ends it.
  @Command(name = "end", header = "Accept a finding no longer; one person is enough.")
  static final class End implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "As `remit exception` lists it.")
    private String id = "";

    @Mixin private final Output output;

    End(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      show(output, RemitClient.of(terminal).delete(PATH + "/" + Segment.of(id)));
      return 0;
    }
  }
}
