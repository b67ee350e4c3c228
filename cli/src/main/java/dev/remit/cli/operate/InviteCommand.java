package dev.remit.cli.operate;

import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// Lets a person choose a password.
@Command(
    name = "invite",
    header = "Make a link at which a person chooses their password.",
    description = {
      "For people without an identity provider. The link is printed once, alone on standard output,",
      "is good once and for a day, and replaces any that was made before. Whoever opens it first",
      "chooses the password: hand it over safely. Needs the role admin.",
    },
    footer = {"", "Example:", "  remit invite anna"})
public final class InviteCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "PERSON", description = "The person's name in the registry.")
  private String person = "";

  @Mixin private final Output output;

  public InviteCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var made =
        RemitClient.of(terminal)
            .post(
                "/v1/people/" + Segment.of(person) + "/invitation",
                JsonMapper.shared().createObjectNode());
    output.print(made, out -> out.println(made.path("link").asString("")));
    terminal.err().println("for " + person + ", until " + made.path("expiresAt").asString("used"));
    return 0;
  }
}
