package dev.remit.cli.operate;

import dev.remit.cli.Reason;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// Declines a held call.
@Command(
    name = "deny",
    header = "Decline a held call.",
    description = {
      "The agent is told that a person declined. The reason is recorded.",
    })
public final class DenyCommand extends ServerCommand {
  @Parameters(paramLabel = "ID", description = "The approval's id, from `remit approvals`.")
  private String id = "";

  @Mixin private final Reason reason = new Reason();

  public DenyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var body = reason.in(JsonMapper.shared().createObjectNode().put("agree", false));
    var path = "/v1/approvals/" + Segment.of(id) + "/answer";
    var approval = server().post(path, body);
    tell(
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
