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

/// Agrees to a held call.
@Command(
    name = "approve",
    header = "Agree to a held call.",
    description = {
      "The agent may then make exactly this call, once. Look at it first with",
      "`remit approvals show ID`. Nobody approves their own request.",
    })
public final class ApproveCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "The approval's id, from `remit approvals`.")
  private String id = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is recorded.")
  private String reason = "agreed";

  @Mixin private final Output output;

  public ApproveCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var body = JsonMapper.shared().createObjectNode().put("agree", true).put("reason", reason);
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
