package dev.remit.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says whose operator token is in use.
@Command(
    name = "whoami",
    header = "Say which person the operator token speaks for.",
    description = {
      "Asks the server who the token in REMIT_TOKEN (or data/operator.token) belongs to,",
      "and which roles that person holds."
    })
final class WhoamiCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final Output output;

  WhoamiCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    var me = RemitClient.of(terminal).get("/v1/me");
    var roles = me.path("roles").valueStream().map(role -> role.asString()).toList();
    var signedInAt = me.path("signedInAt").asString("");
    output.print(
        me,
        out -> {
          out.println(me.path("name").asString() + ": " + String.join(", ", roles));
          if (!signedInAt.isEmpty()) {
            out.println("signed in at " + signedInAt);
          }
        });
    return 0;
  }
}
