package dev.remit.conformance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A folder for one benchmark's servers, gone after it: a million recorded decisions are gigabytes.
///
/// @param path others may pass through it, since the private database runs as another account where
///   this is root
record BenchFolder(Path path) implements AutoCloseable {

  static BenchFolder make() {
    try {
      var path = Files.createTempDirectory("remit-bench-");
      path.toFile().setExecutable(true, false);
      return new BenchFolder(path);
    } catch (IOException e) {
      throw new UncheckedIOException("make a folder for the benchmark", e);
    }
  }

  Path data() {
    return path.resolve("data");
  }

  @Override
  public void close() {
    try (var all = Files.walk(path)) {
      for (var one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("clear `" + path + "`", e);
    }
  }
}
