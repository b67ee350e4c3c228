package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Terminal;
import dev.remit.cli.Yaml;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Shows and ends tasks.
@Command(name = "task", header = "Show a task, or end it and every token of it.")
public final class TaskCommand implements Runnable, CommandGroup {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public TaskCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("show", new Show(terminal), "complete", new Complete(terminal));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say what: show or complete");
  }

  /// Shows one task.
  @Command(name = "show", header = "Show one task: whose, for what, how far, until when.")
  static final class Show implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "The task's id.")
    private String id = "";

    @Mixin private final Output output;

    Show(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var task = RemitClient.of(terminal).get("/v1/tasks/" + Segment.of(id));
      output.print(task, out -> out.print(Yaml.text(task)));
      return 0;
    }
  }

  /// Ends one task.
  @Command(name = "complete", header = "End a task; its tokens are refused from then on.")
  static final class Complete implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "The task's id.")
    private String id = "";

    @Mixin private final Output output;

    Complete(Terminal terminal) {
      this.terminal = terminal;
      this.output = new Output(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode();
      var task = RemitClient.of(terminal).post("/v1/tasks/" + Segment.of(id) + "/complete", body);
      output.print(task, out -> out.println(id + " ended at " + task.path("endedAt").asString("")));
      return 0;
    }
  }
}
