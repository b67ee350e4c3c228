package dev.remit.cli.operate;

import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `remit changes evaluate`.
@Command(
    name = "evaluate",
    header = "Freeze the plan of the evaluation that a change needs.",
    description = {
      "Its suites; what it brings against what was approved before, both as they were declared.",
      "When `remit evaluations run` has shown that nothing is worse, the change is evaluated.",
    })
final class EvaluateChange implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "As `remit changes` lists it.")
  private String id = "";

  @Option(
      names = "--candidate",
      paramLabel = "ENDPOINT",
      description = "Whom to ask instead of the declared model, such as the whole agent.")
  private @Nullable String candidate;

  @Option(
      names = "--judge",
      paramLabel = "ENDPOINT",
      description = "A model that judges where a case asks for one.")
  private @Nullable String judge;

  @Option(names = "--no-labels", description = "Believe judges that can err; recorded in the plan.")
  private boolean unlabelled;

  @Mixin private final Output output;

  EvaluateChange(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var body = JsonMapper.shared().createObjectNode().put("labels", !unlabelled);
    if (candidate != null) {
      body.put("candidate", candidate);
    }
    if (judge != null) {
      body.put("judge", judge);
    }
    var planned = RemitClient.of(terminal).post("/v1/changes/" + Segment.of(id) + "/plan", body);
    output.print(planned, out -> EvaluationPlan.show(planned, out));
    return 0;
  }
}
