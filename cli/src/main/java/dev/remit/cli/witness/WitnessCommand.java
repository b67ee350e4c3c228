package dev.remit.cli.witness;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Terminal;
import dev.remit.kernel.ledger.LogKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs a witness.
@Command(
    name = "witness",
    header = "Watch somebody's log: cosign its checkpoints, refuse a second story.",
    description = {
      "A witness remembers the last checkpoint of each log that it knows, and cosigns the next one",
      "only if that one continues it. Run it where the log's operator has no say."
    })
public final class WitnessCommand implements Runnable {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public WitnessCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "key",
      header = "Print the witness's public key; make it the first time.",
      description = "Give it to the logs (`ledger.witnesses`) and to those who verify (--witness).")
  int key(
      @Option(
              names = "--state",
              required = true,
              paramLabel = "DIR",
              description = "Where the witness keeps its key and what it has seen.")
          String state,
      @Option(
              names = "--name",
              defaultValue = "",
              paramLabel = "NAME",
              description = "Its name, a host and path without a scheme; needed the first time.")
          String name) {
    terminal.out().println(CosigningKey.openOrCreate(directory(state), name).key());
    return 0;
  }

  @Command(
      name = "serve",
      header = "Answer logs until stopped.",
      description = "Speaks C2SP tlog-witness: POST /add-checkpoint.")
  int serve(
      @Option(
              names = "--state",
              required = true,
              paramLabel = "DIR",
              description = "Where the witness keeps its key and what it has seen.")
          String state,
      @Option(
              names = "--name",
              defaultValue = "",
              paramLabel = "NAME",
              description = "Its name, a host and path without a scheme; needed the first time.")
          String name,
      @Option(
              names = "--log",
              required = true,
              paramLabel = "KEY|FILE",
              description = {
                "A log's public key, or a file of them, as /v1/ledger/keys gives them; may be given",
                "several times. Of a log that changed its key, give all."
              })
          List<String> logs,
      @Option(
              names = "--listen",
              defaultValue = "127.0.0.1:8490",
              paramLabel = "HOST:PORT",
              description = "Where to listen (default ${DEFAULT-VALUE}); port 0 takes a free one.")
          String listen) {
    var directory = directory(state);
    var key = CosigningKey.openOrCreate(directory, name);
    var known = logs(logs);
    var where = address(listen);
    try (var server =
        WitnessServer.start(
            where,
            key,
            SeenCheckpoints.open(directory),
            known,
            InstantSource.system(),
            terminal.err())) {
      terminal.out().println("witness at http://" + where.getHostString() + ":" + server.port());
      terminal.out().println("  key    " + key.key());
      terminal.out().println("  knows  " + origins(known));
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private Path directory(String state) {
    var directory = terminal.resolve(state);
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory, e);
    }
  }

  private LogKeys logs(List<String> given) {
    try {
      return LogKeys.parse(given.stream().map(this::text).collect(Collectors.joining("\n")));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          "a log's key cannot be read: " + e.getMessage(),
          "pass what the log serves at /v1/ledger/keys",
          e);
    }
  }

  private String text(String given) {
    var path = terminal.resolve(given.split(" ", 2)[0]);
    try {
      return Files.isRegularFile(path) ? Files.readString(path) : given;
    } catch (IOException e) {
      throw new CommandFailed("cannot read `" + given + "`", "name a file that is there", e);
    }
  }

  private static String origins(LogKeys logs) {
    return logs.noteKeys().stream()
        .map(key -> key.name())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static InetSocketAddress address(String listen) {
    int colon = listen.lastIndexOf(':');
    var port = listen.substring(colon + 1);
    if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      throw new CommandFailed(
          "`" + listen + "` is not an address to listen at", "give --listen a HOST:PORT");
    }
    return new InetSocketAddress(listen.substring(0, colon), Integer.parseInt(port));
  }
}
