package dev.remit.cli.init;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Home;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import dev.remit.kernel.identity.PersonName;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Brings the servers of an MCP client's configuration under Remit.
@Command(
    name = "init",
    header = "Bring an MCP client's servers under Remit.",
    description = {
      "Reads .mcp.json, claude_desktop_config.json, .cursor/mcp.json or .vscode/mcp.json, starts",
      "each server once to list what it offers, and writes manifests for what it saw: workflow,",
      "identity, resources, tools with their definitions pinned, a grant of exactly those, and a",
      "policy. Secrets in the configuration move into Remit's encrypted store, marked for",
      "rotation; that needs a running server, and without one nothing is written.",
      "",
      "Effects are guessed from what each server says of its tools, and marked as guesses.",
      "Nothing is in force before `remit apply`. Manifests that exist are never overwritten, so",
      "running it again does no harm.",
    },
    footer = {
      "",
      "Example:",
      "  remit init --from .mcp.json --write",
    })
public final class InitCommand extends ServerCommand {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "FILE",
      description = "The client's configuration.")
  private String from = "";

  @Option(names = "--write", description = "Also change the configuration, and keep a copy of it.")
  private boolean write;

  @Option(
      names = "--name",
      paramLabel = "WORKFLOW",
      description = "The workflow's name; else that of the project's folder.")
  private @Nullable String name;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "remit",
      description = "Where manifests are written: ${DEFAULT-VALUE} if not said.")
  private String dir = "remit";

  @Option(
      names = "--owner",
      paramLabel = "PERSON",
      description = "Who answers for the workflow; else the person of the operator token.")
  private @Nullable String owner;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long a server may take for each answer: ${DEFAULT-VALUE} if not said.")
  private int timeoutSeconds = 60;

  public InitCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var configuration = ClientConfiguration.read(terminal.resolve(from));
    var patience = Duration.ofSeconds(timeoutSeconds);
    var init =
        new Init(
            new Vault(server()),
            Home.of(terminal),
            new Folder(terminal.resolve(dir)),
            new Discovery(terminal, configuration.project(), patience));
    terminal.err().println("Asking each server what it offers:");
    var outcome = init.run(configuration, wish(configuration), Instant.now());
    var folder = dir.endsWith("/") ? dir.substring(0, dir.length() - 1) : dir;
    var report = new InitReport(outcome, from, folder, write);
    tell(report.json(), report::print);
    warnIfNotOnPath(outcome);
    return outcome.found().stream().allMatch(one -> one instanceof Found.LeftAlone) ? 1 : 0;
  }

  private Init.Wish wish(ClientConfiguration configuration) {
    return new Init.Wish(
        workflow(configuration),
        Optional.ofNullable(owner).map(InitCommand::person),
        terminal.variable("USER").orElse("owner"),
        write);
  }

  private static String person(String name) {
    try {
      return new PersonName(name).value();
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), "give --owner another name", e);
    }
  }

  private String workflow(ClientConfiguration configuration) {
    var folder = configuration.project().flatMap(path -> Optional.ofNullable(path.getFileName()));
    var given = Optional.ofNullable(name).or(() -> folder.map(Path::toString));
    var label = Discovery.label(given.orElse("desktop"));
    if (name != null && !label.equals(name)) {
      throw new CommandFailed(
          "`" + name + "` is not a name: lower-case letters, digits and inner hyphens",
          "perhaps `" + label + "`");
    }
    return label;
  }

  /// The client will start `remit` by that name.
  private void warnIfNotOnPath(Init.Outcome outcome) {
    if (outcome.lines().isEmpty() || isOnPath()) {
      return;
    }
    var launcher =
        Optional.ofNullable(System.getProperty("remit.home")).map(home -> home + "/remit");
    terminal.err().println();
    terminal
        .err()
        .println(
            "`remit` is not on your PATH, so the client will not find it. Put it there, such as: ln"
                + " -s "
                + launcher.orElse("/path/to/remit")
                + " ~/.local/bin/remit");
  }

  private boolean isOnPath() {
    return terminal.variable("PATH").stream()
        .flatMap(path -> java.util.Arrays.stream(path.split(File.pathSeparator, -1)))
        .anyMatch(entry -> !entry.isEmpty() && Files.isExecutable(Path.of(entry, "remit")));
  }
}
