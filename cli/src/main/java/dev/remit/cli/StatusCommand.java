package dev.remit.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says whether a server answers, and whether it is ready.
@Command(
    name = "status",
    header = "Say whether the server answers and is ready.",
    description = {
      "Asks the server at REMIT_ADDR for its readiness and prints what it says.",
      "Exit code 0 when it is ready, 1 when it is not or cannot be reached."
    })
final class StatusCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final Output output;

  StatusCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var client = RemitClient.of(terminal);
    var ready = client.get("/readyz");
    output.print(
        ready, out -> out.println(client.address() + " " + ready.path("status").asString("ready")));
    return 0;
  }
}
