package dev.remit.cli.operate;

import static dev.remit.cli.operate.EvaluationsCommand.maybe;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// Results of other tools, judged by the same rules.
@Command(name = "import", header = "Judge the results of promptfoo, garak or Inspect.")
final class EvaluationImport extends ServerCommand {
  @Parameters(index = "0", paramLabel = "TOOL", description = "promptfoo, garak or inspect.")
  private String tool = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "Of the candidate; with promptfoo of both.")
  private Path file = Path.of("");

  @Option(
      names = "--candidate",
      required = true,
      paramLabel = "NAME",
      description = "Its name; with promptfoo the provider's label.")
  private String candidate = "";

  @Option(names = "--baseline", paramLabel = "NAME", description = "The same of the baseline.")
  private @Nullable String baseline;

  @Option(
      names = "--baseline-file",
      paramLabel = "FILE",
      description = "Its results, where they are another file.")
  private @Nullable Path baselineFile;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The declared model that the verdict is about.")
  private @Nullable String model;

  @Option(
      names = "--axis",
      paramLabel = "GROUP=AXIS",
      description = "Of which axis a plugin, probe or task is; repeatable.")
  private Map<String, String> axes = Map.of();

  @Option(
      names = "--margin",
      defaultValue = "0.1",
      paramLabel = "SHARE",
      description = "The regression that is too much (${DEFAULT-VALUE}).")
  private double margin;

  @Option(names = "--no-labels", description = "Believe the tool's judges; recorded in the plan.")
  private boolean unlabelled;

  EvaluationImport(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var body =
        JsonMapper.shared()
            .createObjectNode()
            .put("tool", tool)
            .put("candidate", candidate)
            .put("candidateFile", read(file))
            .put("margin", margin)
            .put("labels", !unlabelled);
    maybe(body, "baseline", baseline);
    maybe(body, "candidateModel", model);
    if (baselineFile != null) {
      body.put("baselineFile", read(baselineFile));
    }
    var named = body.putObject("axes");
    axes.forEach(named::put);
    tell(server().post(EvaluationsCommand.PATH + "/import", body), EvaluationsCommand::show);
    return 0;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailed("`" + file + "` cannot be read", "name a file of results in UTF-8");
    }
  }
}
