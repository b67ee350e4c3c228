package dev.remit.cli.credential;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// Takes one credential away.
@Command(
    name = "revoke",
    header =
        "Take a credential or certificate away, and every session of it; or try again at once.")
final class RevokeCredential extends ServerCommand {
  @Parameters(paramLabel = "ID", description = "The credential's id.")
  private String id = "";

  RevokeCredential(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var now =
        server()
            .post(
                "/v1/credentials/" + Segment.of(id) + "/revoke",
                JsonMapper.shared().createObjectNode());
    if (!Set.of("revoked", "expired").contains(now.path("state").asString(""))) {
      throw new CommandFailed(
          id
              + " is "
              + now.path("state").asString("")
              + ": "
              + now.path("lastError").asString("not tried yet"),
          "it is tried on by itself; mend what it says, and say this again to try at once");
    }
    tell(now, out -> out.println(id + " is gone since " + now.path("endedAt").asString("")));
    return 0;
  }
}
