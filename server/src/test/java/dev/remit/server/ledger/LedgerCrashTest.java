package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A process that appends is killed with SIGKILL in the middle of it, several times over.
@Tag("R208")
class LedgerCrashTest {
  private static final int KILLS = 3;
  private static final int ACKNOWLEDGED_MIN = 400;

  private final LedgerWorld world = new LedgerWorld();

  @AfterEach
  void the_ledger_verifies() {
    world.close();
  }

  @Test
  void after_kill_9_nothing_acknowledged_is_missing_and_nothing_is_doubled() throws Exception {
    world.ledger().close();
    var acknowledged = new ArrayList<String>();

    for (int kill = 0; kill < KILLS; kill++) {
      acknowledged.addAll(appendUntilKilled("kill" + kill + "_"));
    }

    world.reopen();
    var stored = world.ids();
    // One less a kill: the last line may have been cut short and is not believed.
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(KILLS * (ACKNOWLEDGED_MIN - 1));
    assertThat(stored).doesNotHaveDuplicates().containsAll(new HashSet<>(acknowledged));
    assertThat(world.types().stream().filter("boot"::equals)).hasSize(KILLS + 2);
    assertThat(world.types().stream().filter("seal"::equals)).hasSize(1);
  }

  private List<String> appendUntilKilled(String prefix) throws IOException, InterruptedException {
    var process = start(prefix);
    try (BufferedReader out = process.inputReader()) {
      var acknowledged = new ArrayList<String>();
      while (acknowledged.size() < ACKNOWLEDGED_MIN) {
        var line = out.readLine();
        assertThat(line).as("the process ended by itself").isNotNull();
        acknowledged.add(line);
      }
      // Through its handle, which leaves the pipe open: what it had said before is still read.
      process.toHandle().destroyForcibly();
      // Whole lines only: what the kill cut short was not said.
      out.lines().filter(line -> line.matches(prefix + "[0-9]+")).forEach(acknowledged::add);
      acknowledged.removeLast();
      return acknowledged;
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private Process start(String prefix) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            EndlessAppender.class.getName(),
            world.where().url(),
            world.where().user(),
            world.where().password(),
            world.keyDirectory().toString(),
            prefix)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
