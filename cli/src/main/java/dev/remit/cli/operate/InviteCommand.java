package dev.remit.cli.operate;

import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import picocli.CommandLine.Command;
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
public final class InviteCommand extends ServerCommand {
  @Parameters(paramLabel = "PERSON", description = "The person's name in the registry.")
  private String person = "";

  public InviteCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var made =
        server()
            .post(
                "/v1/people/" + Segment.of(person) + "/invitation",
                JsonMapper.shared().createObjectNode());
    tell(made, out -> out.println(made.path("link").asString("")));
    terminal.err().println("for " + person + ", until " + made.path("expiresAt").asString("used"));
    return 0;
  }
}
