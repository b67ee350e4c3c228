package dev.remit.cli.operate;

import dev.remit.cli.Reason;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// The kill switch.
@Command(
    name = "suspend",
    header = "Stop an identity, workflow, owner, resource, model or credential now.",
    description = {
      "Every token beneath it is refused from this moment, open calls are cut, held calls are",
      "cancelled and sessions at databases are ended, on every node. `remit resume` lets it go on",
      "with new tokens, once a second person agrees. A credential is one key of an identity (its",
      "thumbprint), one task token (its id), or one credential of a database or certificate",
      "(cred_...); these do not come back.",
    })
public final class SuspendCommand extends ServerCommand {
  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "identity, workflow, person (or owner), resource, model or credential.")
  private PartyKind kind = PartyKind.IDENTITY;

  @Parameters(index = "1", paramLabel = "NAME", description = "Its name in the registry.")
  private String name = "";

  @Mixin private final Reason reason = new Reason();

  public SuspendCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var body = reason.body();
    long started = System.nanoTime();
    var standing = server().post(kind.suspending(name), body);
    long millis = (System.nanoTime() - started) / 1_000_000;
    tell(
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
