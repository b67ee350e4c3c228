package dev.remit.cli.registry;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Finds and reads the files that somebody names: manifests, and cases of policy tests.
public final class YamlFiles {
  private static final long BYTES_MAX = 1 << 20;

  private YamlFiles() {}

  /// One file.
  ///
  /// @param name as its author would type it
  public record Found(String name, String text) {
    /// Whether it holds cases of a policy test, and no manifests.
    public boolean isTest() {
      return name.endsWith(".test.yaml") || name.endsWith(".test.yml");
    }
  }

  /// Returns the file `path`, or every file below the directory `path`; standard input for `-`.
  ///
  /// @throws CommandFailed if there is none, or one is too large or not text
  public static List<Found> found(Terminal terminal, String path) {
    try {
      if (path.equals("-")) {
        return List.of(new Found("standard input", text(terminal.in().readAllBytes(), path)));
      }
      var start = terminal.resolve(path);
      if (!Files.exists(start)) {
        throw new CommandFailed("there is no file or directory " + path, "check the path");
      }
      return Files.isDirectory(start) ? below(terminal, start) : List.of(read(path, start));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  /// Prints each problem of a plan as `file:line:column: message`, with its remedy below it.
  public static void printProblems(PrintWriter err, JsonNode problems) {
    PlanView.printProblems(err, problems);
  }

  private static List<Found> below(Terminal terminal, Path start) throws IOException {
    var found = new ArrayList<Found>();
    try (var walk = Files.walk(start)) {
      for (var file : walk.filter(YamlFiles::isYaml).sorted().toList()) {
        found.add(read(shown(terminal, file), file));
      }
    }
    return found;
  }

  /// A path below the working directory is shown relative to it, as the author would type it.
  private static String shown(Terminal terminal, Path file) {
    var here = terminal.directory();
    return file.startsWith(here) ? here.relativize(file).toString() : file.toString();
  }

  private static boolean isYaml(Path file) {
    var name = file.getFileName().toString();
    boolean known = name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    return known && !name.startsWith(".") && Files.isRegularFile(file);
  }

  private static Found read(String name, Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new CommandFailed(name + " is larger than 1 MiB", "split it into several files");
    }
    return new Found(name, text(Files.readAllBytes(file), name));
  }

  private static String text(byte[] bytes, String name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CommandFailed(name + " is not UTF-8 text", "save it as UTF-8", e);
    }
  }
}
