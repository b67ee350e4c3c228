package dev.remit.conformance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Tests that documents name as `Class.method`, looked up in the sources of the checkout.
public final class NamedTest {
  private static final List<String> MODULES = List.of("kernel", "server", "cli", "conformance");

  private NamedTest() {}

  public static boolean exists(String name) {
    int dot = name.indexOf('.');
    var file = name.substring(0, dot) + ".java";
    var method = "void " + name.substring(dot + 1) + "(";
    return MODULES.stream()
        .map(module -> Home.directory().resolve(module).resolve("src/test/java"))
        .flatMap(NamedTest::files)
        .anyMatch(source -> source.endsWith(file) && text(source).contains(method));
  }

  private static Stream<Path> files(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException("look through " + folder, e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file, e);
    }
  }
}
