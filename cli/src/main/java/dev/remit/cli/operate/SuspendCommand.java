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

/// The kill switch.
@Command(
    name = "suspend",
    header = "Stop an identity, a workflow or a person now.",
    description = {
      "Every token beneath it is refused from this moment, open calls are cut and held calls are",
      "cancelled, on every node. `remit resume` lets it go on with new tokens.",
    })
public final class SuspendCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "KIND", description = "identity, workflow or person.")
  private PartyKind kind = PartyKind.IDENTITY;

  @Parameters(index = "1", paramLabel = "NAME", description = "Its name in the registry.")
  private String name = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; it is recorded.")
  private String reason = "";

  @Mixin private final Output output;

  public SuspendCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var path = "/v1/" + kind.plural() + "/" + Segment.of(name) + "/suspend";
    var body = JsonMapper.shared().createObjectNode().put("reason", reason);
    long started = System.nanoTime();
    var standing = RemitClient.of(terminal).post(path, body);
    long millis = (System.nanoTime() - started) / 1_000_000;
    output.print(
        standing,
        out ->
            out.println(
                kind.word()
                    + " "
                    + name
                    + " is suspended: its tokens are refused from now on ("
                    + millis
                    + " ms)"));
    return 0;
  }
}
