package dev.remit.server.store.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/// The PostgreSQL programs, unpacked once from the archive on the class path.
final class Binaries {
  private static final Set<PosixFilePermission> RUN = PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> READ = PosixFilePermissions.fromString("rw-r--r--");

  private Binaries() {}

  /// Full version of the archive on the class path, such as `18.6.0`.
  static String version() {
    var properties = new Properties();
    try (var in = Binaries.class.getResourceAsStream("binaries.properties")) {
      if (in == null) {
        throw new IllegalStateException("binaries.properties is missing from the class path");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("read binaries.properties", e);
    }
    return properties.getProperty("version", "");
  }

  static String major() {
    return version().substring(0, version().indexOf('.'));
  }

  /// Returns the directory with `bin/postgres` for this version below `root`, unpacking if needed.
  ///
  /// Unpacks beside it and renames, so that the directory is complete whenever it exists: a crash
  /// leaves only a directory that the next unpacking ignores and removes.
  static Path unpacked(Path root) {
    var home = root.resolve(version());
    if (Files.isDirectory(home)) {
      return home;
    }
    try (var archive = open()) {
      removeLeftovers(root);
      var fresh = Files.createTempDirectory(root, "unpacking-");
      unpack(archive, fresh);
      Files.setPosixFilePermissions(fresh, RUN);
      moveUnlessThere(fresh, home);
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException("unpack PostgreSQL into `" + home + "`", e);
    }
  }

  /// Only what is old: where several processes share the programs, another may be unpacking now.
  private static void removeLeftovers(Path root) throws IOException {
    var old = Instant.now().minus(Duration.ofHours(1));
    try (var leftovers = Files.newDirectoryStream(root, "unpacking-*")) {
      for (var leftover : leftovers) {
        if (Files.getLastModifiedTime(leftover).toInstant().isBefore(old)) {
          Trees.remove(leftover);
        }
      }
    }
  }

  private static InputStream open() {
    var name = "/postgres-" + system() + "-" + machine() + ".txz";
    var archive = Binaries.class.getResourceAsStream(name);
    if (archive == null) {
      throw new PostgresNotStarted(
          "this build carries no PostgreSQL for this machine (`%s`); build Remit on it, or give a "
                  .formatted(name)
              + "PostgreSQL 15 or newer with --database-url");
    }
    return archive;
  }

  private static String system() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac")
        ? "darwin"
        : "linux";
  }

  private static String machine() {
    var arch = System.getProperty("os.arch");
    return switch (arch) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "arm64" -> "arm_64";
      case String other -> other;
    };
  }

  private static void unpack(InputStream archive, Path into) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(archive))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(entry, tar, into);
      }
    }
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path into)
      throws IOException {
    var target = into.resolve(entry.getName()).normalize();
    if (!target.startsWith(into)) {
      throw new IOException("the archive reaches outside its directory: " + entry.getName());
    }
    if (entry.isDirectory()) {
      makeDirectory(target);
    } else {
      makeDirectory(target.getParent());
      if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      } else {
        Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(target, (entry.getMode() & 0111) == 0 ? READ : RUN);
      }
    }
  }

  /// Makes `directory` enterable for the account that runs the server, whatever the umask.
  private static void makeDirectory(@Nullable Path directory) throws IOException {
    if (directory == null || Files.isDirectory(directory)) {
      return;
    }
    makeDirectory(directory.getParent());
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, RUN);
  }

  private static void moveUnlessThere(Path fresh, Path home) throws IOException {
    try {
      Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      Trees.remove(fresh);
    }
  }
}
