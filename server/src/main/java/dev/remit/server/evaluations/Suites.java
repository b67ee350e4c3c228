package dev.remit.server.evaluations;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The suites that there are: those that come with the product, and the files of a directory. One
/// of the directory takes the place of one of ours with the same name.
public final class Suites {
  private static final List<String> OURS =
      List.of(
          "jailbreak",
          "prompt-injection",
          "exfiltration",
          "tool-abuse",
          "refusal",
          "over-refusal",
          "drift-probes");
  private static final String ENDING = ".json";
  private static final int BYTES_MAX = 32 * 1024 * 1024;

  private final Optional<Path> directory;

  public Suites(Optional<Path> directory) {
    this.directory = directory;
  }

  /// Reads all of them, by name.
  ///
  /// @throws UnreadableSuite if one cannot be used: none is left out silently
  public List<Suite> all() {
    var all = new ArrayList<Suite>();
    OURS.forEach(name -> all.add(ours(name)));
    directory.ifPresent(path ->
        files(path)
            .forEach(file -> {
              var suite = SuiteReader.read(file.getFileName().toString(), bytes(file));
              all.removeIf(other -> other.name().equals(suite.name()));
              all.add(suite);
            }));
    return List.copyOf(all);
  }

  public Optional<Suite> find(String name) {
    return all().stream().filter(suite -> suite.name().equals(name)).findFirst();
  }

  private static Suite ours(String name) {
    var file = name + ENDING;
    try (InputStream in = Suites.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the product is built without its suite " + file);
      }
      return SuiteReader.read(file, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("read the product's suite " + file, e);
    }
  }

  private static List<Path> files(Path directory) {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    } catch (IOException e) {
      throw new UnreadableSuite(
          "the directory of suites, `evaluations.suites`, cannot be read: " + e.getMessage());
    }
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new UnreadableSuite(file.getFileName() + ": more than 32 MiB");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnreadableSuite(file.getFileName() + ": cannot be read");
    }
  }
}
