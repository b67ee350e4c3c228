package dev.remit.cli.operate;

import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Terminal;
import dev.remit.cli.Yaml;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Says why a call was allowed, held or denied.
@Command(
    name = "explain",
    header = "Say why a call was allowed, held or denied.",
    description = {
      "Shows one decision with the policies that made it and, where it was not an allow, what is",
      "missing. Its id stands in each refusal; `last` is the newest.",
    },
    footer = {"", "Example:", "  remit explain last"})
public final class ExplainCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "ID|last", description = "The decision's id, or `last`.")
  private String id = "last";

  @Mixin private final Output output;

  public ExplainCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var decision = RemitClient.of(terminal).get("/v1/decisions/" + Segment.of(id));
    output.print(decision, out -> out.print(Yaml.text(decision)));
    return 0;
  }
}
