package dev.remit.cli.keys;

import dev.remit.cli.CommandFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// One identity's private key on this machine, with what its bridge needs to know to use it.
///
/// Kept in a file that only its owner can read; one that others can read is refused, since the key
/// may have been copied. Created once and never overwritten: its public half is in the registry.
///
/// @param identity the identity's name
/// @param spiffeId its name in tokens
/// @param intent what tasks are started for, unless said otherwise
/// @param address the server it was created for
public record KeyFile(
    String identity, String spiffeId, String intent, String address, SigningKey key) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  public static Path path(Path directory, String identity) {
    return directory.resolve(identity + ".json");
  }

  /// Returns the names of the identities whose keys are in `directory`.
  public static List<String> identities(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the keys in " + directory, e);
    }
  }

  /// Writes the key to its file in `directory`.
  ///
  /// @throws CommandFailed if there is a key for this identity already
  public Path create(Path directory) {
    var file = path(directory, identity);
    var node = JSON.createObjectNode();
    node.put("identity", identity).put("spiffeId", spiffeId);
    node.put("intent", intent).put("address", address);
    node.set("key", key.privateJwk());
    try {
      Files.createDirectories(directory, onlyOwner(directory, "rwx------"));
      Files.createFile(file, onlyOwner(directory, "rw-------"));
      Files.write(file, JSON.writeValueAsBytes(node), StandardOpenOption.WRITE);
      return file;
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailed("there is a key in " + file + " already", "keep it", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the key file " + file, e);
    }
  }

  private static FileAttribute<?>[] onlyOwner(Path where, String permissions) {
    return isPosix(where)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path where) {
    return where.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /// Reads the key of `identity`, and refuses one that others may have read.
  public static KeyFile read(Path directory, String identity) {
    var file = path(directory, identity);
    if (!Files.exists(file)) {
      throw new CommandFailed(
          "there is no key for identity `" + identity + "` in " + directory,
          "create it with `remit init`, or name another with --identity");
    }
    try {
      refuseShared(file);
      var node = JSON.readTree(Files.readAllBytes(file));
      return new KeyFile(
          node.path("identity").asString(identity),
          node.path("spiffeId").asString(""),
          node.path("intent").asString(""),
          node.path("address").asString(""),
          SigningKey.of(node.path("key")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the key file " + file, e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new CommandFailed(
          "the key file " + file + " is damaged",
          "move it away, run `remit init` again and apply the new public key",
          e);
    }
  }

  private static void refuseShared(Path file) throws IOException {
    if (isPosix(file) && !PRIVATE.containsAll(Files.getPosixFilePermissions(file))) {
      throw new CommandFailed(
          "others can read the key file " + file + ", so it proves nothing any more",
          "if nobody has read it, run `chmod 600 "
              + file
              + "`; else move it away, run `remit init`"
              + " again and apply the new public key");
    }
  }
}
