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

/// Ends a suspension.
@Command(
    name = "resume",
    header = "Let a suspended identity, workflow or person go on.",
    description = {
      "Tokens from before the suspension stay dead; new ones can be had at once.",
    })
public final class ResumeCommand implements Callable<Integer> {
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

  public ResumeCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var path = "/v1/" + kind.plural() + "/" + Segment.of(name) + "/resume";
    var body = JsonMapper.shared().createObjectNode().put("reason", reason);
    long started = System.nanoTime();
    var standing = RemitClient.of(terminal).post(path, body);
    long millis = (System.nanoTime() - started) / 1_000_000;
    output.print(
        standing,
        out ->
            out.println(
                kind.word() + " " + name + " may act again, with new tokens (" + millis + " ms)"));
    return 0;
  }
}
