package dev.remit.cli.credential;

import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class ReleaseDatabase implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "RESOURCE", description = "The database, by its name.")
  private String resource = "";

  @Mixin private final Output output;

  ReleaseDatabase(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var done =
        RemitClient.of(terminal)
            .post(
                "/v1/databases/" + Segment.of(resource) + "/release",
                JsonMapper.shared().createObjectNode());
    output.print(
        done,
        out ->
            out.println(
                done.path("released").asBoolean(false)
                    ? resource + " may be used again"
                    : resource + " was not quarantined"));
    return 0;
  }
}
