package dev.remit.server.lending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.server.store.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A real process that dies between two steps of issuing or taking back, and the next one over the
/// same database, which leaves nothing behind and says when.
class LendingCrashTest {
  private static final int KILLED = 137;
  private static final Duration SOON = Duration.ofSeconds(30);

  @ParameterizedTest
  @EnumSource
  @Tag("R73")
  @Tag("R204")
  void after_a_crash_the_next_start_leaves_no_role_and_says_when(LendingCrash point)
      throws Exception {
    var where = TestDatabase.freshConfig();
    var data = TestDatabase.enterable("lending-");
    var orders = new OrdersDatabase();
    var child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-D" + LendingCrashes.PROPERTY + "=" + point,
                "-cp",
                System.getProperty("java.class.path"),
                CrashingLender.class.getName(),
                where.url(),
                where.user(),
                where.password(),
                data.toString(),
                Integer.toString(orders.port),
                orders.name)
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("child.log").toFile())
            .start();
    try {
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.exitValue()).as(Files.readString(data.resolve("child.log"))).isEqualTo(KILLED);

    try (var world = new LendingWorld(LendingWorld.QUICK, where, data, orders)) {
      world.crashed = true;
      var id = world.stored("SELECT id AS text FROM credential").getFirst();
      if (point == LendingCrash.ISSUE_AFTER_ACTIVE) {
        // Whether its answer arrived nobody can know: it lives with its task.
        world.post("/v1/credentials/" + id + "/revoke", world.person("admin"), "");
      }
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            world.lending.sweep();
            assertThat(world.stored("SELECT state AS text FROM credential"))
                .containsExactly("REVOKED");
          });

      assertThat(world.roles()).isEmpty();
      assertThat(OrdersDatabase.sessions(world.deployment())).isEmpty();
      assertThat(world.entries("credential.ended")).hasSize(1);
      assertThat(world.entries("credential.ended").getFirst().path("credential").asString())
          .isEqualTo(id);
    }
  }
}
