package dev.remit.cli.operate;

import static dev.remit.cli.operate.EvaluationsCommand.text;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One case that a person labels without seeing which version answered.
@Command(name = "label", header = "Show the next case to label, or label it.")
final class EvaluationLabel extends ServerCommand {
  @Parameters(index = "0", paramLabel = "ID", description = "As `remit evaluations` lists it.")
  private String id = "";

  @Option(names = "--case", paramLabel = "CASE", description = "The case, as it was shown.")
  private @Nullable String shown;

  @Option(
      names = "--first",
      paramLabel = "LABEL",
      description = "passed, failed or unsure: the first answer.")
  private @Nullable String first;

  @Option(names = "--second", paramLabel = "LABEL", description = "The same of the second.")
  private @Nullable String second;

  EvaluationLabel(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var client = server();
    var path = EvaluationsCommand.PATH + "/" + Segment.of(id) + "/label";
    if (shown != null) {
      if (first == null) {
        throw new CommandFailed("the label is missing", "add --first passed, failed or unsure");
      }
      var body = JsonMapper.shared().createObjectNode().put("case", shown);
      var labels = body.putArray("labels").add(first);
      if (second != null) {
        labels.add(second);
      }
      client.post(path, body);
    }
    var next = client.get(path);
    tell(next, out -> print(next).lines().forEach(out::println));
    return 0;
  }

  private String print(JsonNode next) {
    if (next.path("left").asInt(0) == 0) {
      return "nothing is left to label";
    }
    var text = new StringBuilder(text(next, "case")).append('\n').append(text(next, "question"));
    answers(text, "first", next.path("first"));
    answers(text, "second", next.path("second"));
    return text.append("\n\nlabel it: remit evaluations label ")
        .append(id)
        .append(" --case ")
        .append(text(next, "case"))
        .append(" --first passed|failed|unsure")
        .append(next.path("second").isEmpty() ? "" : " --second passed|failed|unsure")
        .append("\n")
        .append(text(next, "left"))
        .append(" left")
        .toString();
  }

  private static void answers(StringBuilder text, String which, JsonNode answers) {
    for (var answer : answers) {
      text.append("\n\n--- ").append(which).append(" answer\n").append(answer.asString(""));
    }
  }
}
