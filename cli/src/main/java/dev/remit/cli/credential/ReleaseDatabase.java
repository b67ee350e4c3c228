package dev.remit.cli.credential;

import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// Ends a quarantine.
@Command(
    name = "release",
    header = "Let a quarantined database be used again, and sweep it.",
    description = {
      "A database is quarantined when it has seen more of this deployment than is on record: ours",
      "was restored, or copied. After this, roles of ours there that are not on record are taken",
      "away. Make sure first that no other copy of this deployment is running."
    })
final class ReleaseDatabase extends ServerCommand {
  @Parameters(paramLabel = "RESOURCE", description = "The database, by its name.")
  private String resource = "";

  ReleaseDatabase(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var done =
        server()
            .post(
                "/v1/databases/" + Segment.of(resource) + "/release",
                JsonMapper.shared().createObjectNode());
    tell(
        done,
        out ->
            out.println(
                done.path("released").asBoolean(false)
                    ? resource + " may be used again"
                    : resource + " was not quarantined"));
    return 0;
  }
}
