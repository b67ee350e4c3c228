package dev.remit.cli.policy;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Runs a program of the server's jar for one question: what needs its libraries but no server.
final class ServerCode {
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xss4m",
          "-Xlog:disable",
          "-Xlog:all=error:stderr",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private ServerCode() {}

  /// Hands `asked` to the program and returns its answer; what it says beside that goes to standard
  /// error.
  ///
  /// @throws CommandFailed if the server's jar is not there, or the program fails
  static ObjectNode run(Terminal terminal, String mainClass, ObjectNode asked) {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", classPath(), mainClass));
    try {
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (var in = process.getOutputStream()) {
        in.write(asked.toString().getBytes(StandardCharsets.UTF_8));
      }
      var answer = process.getInputStream().readAllBytes();
      if (process.waitFor() == 0
          && JsonMapper.shared().readTree(answer) instanceof ObjectNode read) {
        return read;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run the server's code", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (JacksonException e) {
      throw new CommandFailed("the server's code gave no answer", "run it again", e);
    }
    terminal.err().flush();
    throw new CommandFailed("the server's code failed", "what it said stands above");
  }

  private static String classPath() {
    var target = home().resolve("server").resolve("target");
    try (var jars = Files.newDirectoryStream(target, "remit-server-*.jar")) {
      for (var jar : jars) {
        return jar + java.io.File.pathSeparator + target.resolve("lib") + "/*";
      }
    } catch (IOException e) {
      throw notBuilt(e);
    }
    throw notBuilt(null);
  }

  private static CommandFailed notBuilt(@org.jspecify.annotations.Nullable Throwable cause) {
    var message = "the server's jar is not beside this command";
    var remedy = "run it as `./remit` from the checkout, which builds what is missing";
    return cause == null
        ? new CommandFailed(message, remedy)
        : new CommandFailed(message, remedy, cause);
  }

  /// The checkout: as the launcher says, else the one that this class was built in.
  private static Path home() {
    var named = System.getProperty("remit.home", "");
    return named.isEmpty() ? built().orElse(Path.of("")).toAbsolutePath() : Path.of(named);
  }

  private static Optional<Path> built() {
    try {
      var source = ServerCode.class.getProtectionDomain().getCodeSource();
      var from = source == null ? null : Path.of(source.getLocation().toURI());
      for (var folder = from; folder != null; folder = folder.getParent()) {
        if (Files.isDirectory(folder.resolve("server").resolve("target"))) {
          return Optional.of(folder);
        }
      }
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
