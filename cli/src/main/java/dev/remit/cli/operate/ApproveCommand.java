package dev.remit.cli.operate;

import static java.util.stream.Collectors.joining;

import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Agrees to a held call.
@Command(
    name = "approve",
    header = "Agree to a held call.",
    description = {
      "The agent may then make exactly this call, once. Look at it first with",
      "`remit approvals show ID`. Nobody approves their own request. With --uses you agree to",
      "further calls of the same tool in the same task; all their arguments must be the same but",
      "for those that you name with --free.",
    })
public final class ApproveCommand extends ServerCommand {
  @Parameters(paramLabel = "ID", description = "The approval's id, from `remit approvals`.")
  private String id = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is recorded.")
  private String reason = "agreed";

  @Option(
      names = "--uses",
      paramLabel = "N",
      description = "How many such calls you agree to in this task, this one included.")
  private int uses = 1;

  @Option(
      names = "--for",
      paramLabel = "PERIOD",
      description = "How long that is good for, such as PT30M; 15 minutes by default.")
  private Duration lasting = Duration.ofMinutes(15);

  @Option(
      names = "--free",
      paramLabel = "ARGUMENT",
      split = ",",
      description = "An argument that may differ from call to call; `*` for every one.")
  private List<String> free = List.of();

  public ApproveCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var body = JsonMapper.shared().createObjectNode().put("agree", true).put("reason", reason);
    if (uses > 1 || !free.isEmpty()) {
      var forTask = body.putObject("forTask").put("uses", uses);
      forTask.put("until", Instant.now().plus(lasting).toString());
      free.forEach(forTask.putArray("free")::add);
    }
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
                    + approval.path("item").asString("")
                    + missing(approval)));
    return 0;
  }

  private static String missing(JsonNode approval) {
    var wanted =
        approval.path("wanted").valueStream().map(JsonNode::asString).collect(joining(" and "));
    return wanted.isEmpty() ? "" : ", and wants " + wanted;
  }
}
