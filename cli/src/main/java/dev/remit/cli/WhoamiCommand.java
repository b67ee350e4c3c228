package dev.remit.cli;

import picocli.CommandLine.Command;

/// Says whose operator token is in use.
@Command(
    name = "whoami",
    header = "Say which person the operator token speaks for.",
    description = {
      "Asks the server who the token in REMIT_TOKEN (or data/operator.token) belongs to,",
      "and which roles that person holds."
    })
final class WhoamiCommand extends ServerCommand {
  WhoamiCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var me = server().get("/v1/me");
    var roles = me.path("roles").valueStream().map(role -> role.asString()).toList();
    var signedInAt = me.path("signedInAt").asString("");
    tell(
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
