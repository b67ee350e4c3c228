package dev.remit.cli.registry;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The options that say which manifests are meant; use it as a `@Mixin`.
final class ManifestFiles {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long BYTES_MAX = 1 << 20;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE|DIR",
      arity = "1..*",
      required = true,
      description =
          "Manifests: files, directories (every .yaml, .yml and .json below them), or - for"
              + " standard input.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "The set these files make up; each set prunes only its own (default: default).")
  private String set = "default";

  @Option(
      names = "--prune",
      description = "Retire what this set declared before and these files declare no longer.")
  private boolean prune;

  /// Reads the files into the body of a plan or apply.
  ObjectNode body(Terminal terminal) {
    var body = JSON.createObjectNode();
    var files = body.putArray("files");
    for (var path : paths) {
      for (var file : found(terminal, path)) {
        files.addObject().put("name", file.name()).put("text", file.text());
      }
    }
    if (files.isEmpty()) {
      throw new CommandFailed(
          "no manifests in " + String.join(", ", paths), "name a file, or a directory with .yaml");
    }
    return body.put("set", set).put("prune", prune);
  }

  private record Found(String name, String text) {}

  private static List<Found> found(Terminal terminal, String path) {
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

  private static List<Found> below(Terminal terminal, Path start) throws IOException {
    var found = new ArrayList<Found>();
    try (var walk = Files.walk(start)) {
      for (var file : walk.filter(ManifestFiles::isManifest).sorted().toList()) {
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

  private static boolean isManifest(Path file) {
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
