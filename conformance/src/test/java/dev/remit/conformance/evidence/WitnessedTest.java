package dev.remit.conformance.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.FreePort;
import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server, two witnesses and a verifier, each a process of its own.
class WitnessedTest {
  @TempDir private Path folder;

  /// A witness and where it listens.
  private record Running(Process process, String key) implements AutoCloseable {
    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }

  @Test
  @Tag("R203")
  void two_witnesses_make_a_ledger_witnessed_also_after_its_key_has_changed() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    int annaPort = FreePort.find();
    int benPort = FreePort.find();
    var anna = key("anna");
    var ben = key("ben");
    var config =
        Files.writeString(folder.resolve("remit.yaml"), config(annaPort, anna, benPort, ben));

    try (var remit = RemitProcess.start(folder.resolve("data"), "--config", config.toString())) {
      var cli = Cli.of(folder, remit.address(), remit.admin().token());
      var first = logKeys(remit);
      var rotated = cli.run("ledger", "rotate-key", "--reason", "yearly");
      assertThat(rotated.status()).as(rotated.output()).isZero();
      logKeys(remit);

      try (var _ = witness("anna", annaPort, anna);
          var _ = witness("ben", benPort, ben)) {
        await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofSeconds(1))
            .until(() -> verified(cli, first, anna, ben).contains("witnessed by 2 ("));
      }

      assertThat(verified(cli, first, anna))
          .contains("that it is witnessed: of the 1 named, 1 have cosigned (anna.test/w)")
          .contains("the ledger holds");
      assertThat(verified(cli, first)).doesNotContain("witnessed");
    }
  }

  private String key(String name) {
    var said =
        new Cli(folder, Map.of())
            .run("witness", "key", "--state", name, "--name", name + ".test/w");
    assertThat(said.status()).as(said.output()).isZero();
    return said.output().strip();
  }

  /// Writes what the log serves of its keys to a file, and returns the first of them, without a
  /// span, as somebody would have noted it on the first day.
  private String logKeys(RemitProcess remit) throws IOException {
    var operator = remit.admin();
    var keys = operator.exchange(operator.request("/v1/ledger/keys").GET()).body();
    Files.writeString(folder.resolve("log.keys"), keys);
    return keys.lines().findFirst().orElseThrow().split(" ", 2)[0];
  }

  private Running witness(String name, int port, String key) throws IOException {
    var command =
        Cli.command(
            List.of(
                "witness",
                "serve",
                "--state",
                name,
                "--log",
                "log.keys",
                "--listen",
                "127.0.0.1:" + port));
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    return new Running(process, key);
  }

  private static String verified(Cli cli, String logKey, String... witnesses) {
    var arguments = new ArrayList<>(List.of("verify", "--key", logKey));
    for (var witness : witnesses) {
      arguments.addAll(List.of("--witness", witness));
    }
    var said = cli.run(arguments.toArray(String[]::new));
    assertThat(said.status()).as(said.output()).isZero();
    return said.output();
  }

  private static String config(int annaPort, String anna, int benPort, String ben) {
    return """
    ledger:
      witnessEvery: 1s
      witnesses:
        - url: http://127.0.0.1:%d
          key: %s
        - url: http://127.0.0.1:%d
          key: %s
    """
        .formatted(annaPort, anna, benPort, ben);
  }
}
