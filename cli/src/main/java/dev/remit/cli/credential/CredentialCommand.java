package dev.remit.cli.credential;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Terminal;
import dev.remit.cli.connect.CertificateCommand;
import dev.remit.cli.connect.CredentialGetCommand;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Credentials that live for one task.
@Command(
    name = "credential",
    header = "Get credentials and certificates for one task; list and take back those there are.")
public final class CredentialCommand implements Runnable, CommandGroup {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public CredentialCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "get", new CredentialGetCommand(terminal),
        "certificate", new CertificateCommand(terminal),
        "list", new ListCredentials(terminal),
        "revoke", new RevokeCredential(terminal),
        "check", new CheckDatabase(terminal),
        "release", new ReleaseDatabase(terminal));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what: get, certificate, list, revoke, check or release");
  }
}
