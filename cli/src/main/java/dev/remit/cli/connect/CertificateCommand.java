package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Terminal;
import dev.remit.cli.keys.CertificateKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Gets an X.509-SVID for one task; runs a command with it and ends the task, or leaves it in
/// files.
@Command(
    name = "certificate",
    header = "Get a certificate (X.509-SVID) for one task.",
    description = {
      "Acts with the identity's key on this machine, as `remit connect` does, and starts a task for",
      "RESOURCE. The certificate's own key is made here and never leaves this machine.",
      "",
      "With a COMMAND it runs that with SVID_KEY, SVID_CERTIFICATE and SVID_BUNDLE set, the paths",
      "of three files in PEM, and completes the task when it ends: the certificate is on the list",
      "of what is revoked then. Without one it writes the files to --out, and the certificate",
      "holds until its time is over or somebody says `remit task complete`.",
    },
    footer = {
      "",
      "Example:",
      "  remit credential certificate files -- sh -c 'curl --cert $SVID_CERTIFICATE --key"
          + " $SVID_KEY --cacert $SVID_BUNDLE https://payments.example'"
    })
public final class CertificateCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "RESOURCE",
      description = "A resource that the task is for, by its name.")
  private String resource = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "What to run with it, after `--`.")
  private List<String> command = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIRECTORY",
      description = "Where svid.key, svid.pem and bundle.pem go; made if it is not there.")
  private @Nullable Path out;

  @Option(
      names = "--identity",
      paramLabel = "NAME",
      description = "Act as this identity. Not needed while there is one key on this machine.")
  private @Nullable String identity;

  @Option(
      names = "--intent",
      paramLabel = "INTENT",
      description = "What the task is for; one of the workflow's intents.")
  private @Nullable String intent;

  public CertificateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (command.isEmpty() && out == null) {
      throw new CommandFailed(
          "nobody would have the certificate",
          "say where it goes with --out, or what to run with it after `--`");
    }
    var token = new Acting(terminal, identity, intent).token(resource);
    if (command.isEmpty()) {
      var given = given(token, directory());
      terminal.out().println("certificate  " + given.told().path("id").asString(""));
      terminal.out().println("for          " + given.told().path("spiffeId").asString(""));
      terminal.out().println("until        " + given.told().path("expiresAt").asString(""));
      terminal.out().println("files        " + given.files().get("SVID_CERTIFICATE"));
      return 0;
    }
    var farewell = new Thread(() -> complete(token), "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      return Child.run(command, given(token, directory()).files());
    } finally {
      complete(token);
    }
  }

  /// @param files where what was given is, by the variables that say so
  private record Given(JsonNode told, Map<String, String> files) {}

  private Given given(TaskToken token, Path directory) {
    var key = CertificateKey.fresh();
    var asked = JsonMapper.shared().createObjectNode().put("csr", key.request());
    var told = token.ask("/v1/svids/x509", asked);
    var files = new LinkedHashMap<String, String>();
    files.put("SVID_KEY", write(directory, "svid.key", key.pem()));
    files.put(
        "SVID_CERTIFICATE", write(directory, "svid.pem", told.path("certificate").asString("")));
    files.put("SVID_BUNDLE", write(directory, "bundle.pem", told.path("authorities").asString("")));
    return new Given(told, files);
  }

  /// Only its owner may look into it.
  private Path directory() {
    try {
      if (out == null) {
        return Files.createTempDirectory("remit-svid-");
      }
      return Files.createDirectories(out, onlyOwner("rwx------"));
    } catch (IOException e) {
      throw new CommandFailed(
          "the directory " + out + " cannot be made: " + e.getMessage(), "name another", e);
    }
  }

  private static String write(Path directory, String name, String pem) {
    var file = directory.resolve(name);
    try {
      Files.deleteIfExists(file);
      Files.createFile(file, onlyOwner("rw-------"));
      Files.writeString(file, pem, StandardOpenOption.WRITE);
      return file.toAbsolutePath().toString();
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailed(
          file + " appeared while it was written", "name a directory of your own with --out", e);
    } catch (IOException e) {
      throw new CommandFailed(
          file + " cannot be written: " + e.getMessage(), "name another with --out", e);
    }
  }

  private static FileAttribute<?>[] onlyOwner(String permissions) {
    return Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /// Says nothing twice: a task that was completed has no token any more.
  private void complete(TaskToken token) {
    try {
      token
          .complete()
          .ifPresent(
              _ -> terminal.err().println("remit: the task is over, its certificate is revoked"));
      terminal.err().flush();
    } catch (CommandFailed e) {
      terminal.err().println("remit: the task could not be completed: " + StdioBridge.words(e));
    }
  }
}
