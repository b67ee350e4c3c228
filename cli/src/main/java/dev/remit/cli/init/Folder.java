package dev.remit.cli.init;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The directory manifests are written to. What is there belongs to its reader, who may have edited
/// it: it is never overwritten.
record Folder(Path directory) {

  boolean has(String name) {
    return Files.exists(directory.resolve(name));
  }

  /// Writes one file unless it is there.
  ///
  /// @return whether it was written
  boolean write(String name, String text) {
    if (has(name)) {
      return false;
    }
    try {
      Files.createDirectories(directory);
      Files.writeString(
          directory.resolve(name), text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + directory.resolve(name), e);
    }
  }
}
