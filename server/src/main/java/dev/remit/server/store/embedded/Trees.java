package dev.remit.server.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Removal of directory trees.
final class Trees {
  private Trees() {}

  static void remove(Path tree) throws IOException {
    try (var paths = Files.walk(tree)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /// Removes what earlier, interrupted attempts left in `directory`.
  static void removeMatching(Path directory, String glob) throws IOException {
    try (var leftovers = Files.newDirectoryStream(directory, glob)) {
      for (var leftover : leftovers) {
        remove(leftover);
      }
    }
  }
}
