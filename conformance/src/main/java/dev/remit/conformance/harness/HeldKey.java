package dev.remit.conformance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// The key file that `remit connect` acts with, as `remit init` would write it.
public final class HeldKey {
  private static final FileAttribute<?> ONLY_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private HeldKey() {}

  /// Writes the file where `cli` looks for it.
  ///
  /// @param intent what its tasks are for
  public static void write(Cli cli, String identity, String intent, Workload workload) {
    var home = Path.of(cli.environment().getOrDefault("REMIT_HOME", ""));
    var file = home.resolve("keys").resolve(identity + ".json");
    var json =
        """
        {"identity": "%s", "spiffeId": "%s", "intent": "%s", "address": "%s", "key": %s}
        """
            .formatted(
                identity,
                workload.spiffeId(),
                intent,
                cli.environment().get("REMIT_ADDR"),
                workload.key().toJSONString());
    try {
      Files.createDirectories(file.getParent());
      Files.createFile(file, ONLY_OWNER);
      Files.write(file, json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("write a key file", e);
    }
  }
}
