package dev.remit.cli.init;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Files that hold, or held, secrets.
final class PrivateFiles {

  private PrivateFiles() {}

  /// Returns a name beside `file` that nothing has yet.
  static Path freeName(Path file, String suffix) {
    var candidate = file.resolveSibling(file.getFileName() + suffix);
    for (int i = 2; Files.exists(candidate); i++) {
      candidate = file.resolveSibling(file.getFileName() + suffix + "-" + i);
    }
    return candidate;
  }

  /// Writes a new file that only its owner can read.
  static void write(Path file, byte[] bytes) throws IOException {
    if (isPosix(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, bytes, StandardOpenOption.WRITE);
    } else {
      Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
    }
  }

  /// Replaces a file's content at once, keeping its permissions.
  static void replace(Path file, byte[] bytes) throws IOException {
    var target = file.toRealPath();
    var fresh = freeName(target, ".new");
    write(fresh, bytes);
    if (isPosix(target)) {
      Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(target));
    }
    Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
