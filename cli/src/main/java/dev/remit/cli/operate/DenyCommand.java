package dev.remit.cli.operate;

import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// Declines a held call.
@Command(
    name = "deny",
    header = "Decline a held call.",
    description = {
      "The agent is told that a person declined. The reason is recorded.",
    })
public final class DenyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "The approval's id, from `remit approvals`.")
  private String id = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; it is recorded.")
  private String reason = "";

  @Mixin private final Output output;

  public DenyCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var body = JsonMapper.shared().createObjectNode().put("agree", false).put("reason", reason);
    var path = "/v1/approvals/" + Segment.of(id) + "/answer";
    var approval = RemitClient.of(terminal).post(path, body);
    output.print(
        approval,
        out ->
            out.println(
                id
                    + " is "
                    + approval.path("state").asString("answered")
                    + ": "
                    + approval.path("identity").asString("")
                    + " → "
                    + approval.path("item").asString("")));
    return 0;
  }
}
