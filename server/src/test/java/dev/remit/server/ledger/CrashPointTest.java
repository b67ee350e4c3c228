package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.server.ledger.CrashPoint.Moment;
import dev.remit.server.ledger.CrashPoint.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A process dies at each place where it could: before its write is stored, and after that but
/// before anybody heard of it. The next start is an ordinary one, and [LedgerWorld#close] verifies
/// what it finds.
@Tag("R208")
class CrashPointTest {
  private static final int KILLED = 137;

  /// What the process does, in order, and is told it has done.
  private static final List<String> STEPS =
      List.of("opened", "batch_1", "batch_2", "change_1", "rotated", "batch_3", "closed");

  private final LedgerWorld world = new LedgerWorld();

  @AfterEach
  void the_ledger_verifies() {
    world.close();
  }

  static Stream<CrashPoint> points() {
    return Arrays.stream(Stage.values())
        .flatMap(stage -> Arrays.stream(Moment.values()).map(at -> new CrashPoint(stage, at)));
  }

  @ParameterizedTest
  @MethodSource("points")
  void what_was_acknowledged_is_there_once_and_what_was_not_is_there_if_it_was_committed(
      CrashPoint point) throws Exception {
    world.sql("CREATE TABLE governed (name text)");
    world.ledger().close();

    var told = diesAt(point);
    world.reopen();
    world.ledger().append(world.entry("after"));

    var done = new ArrayList<>(told);
    if (point.moment().isStored()) {
      done.add(STEPS.get(told.size()));
    }
    assertThat(told).isEqualTo(STEPS.subList(0, stepOf(point.stage())));
    assertThat(world.ids()).isEqualTo(idsOf(done));
    assertThat(world.count("governed")).isEqualTo(done.contains("change_1") ? 1 : 0);
    assertThat(world.keys()).hasSize(done.contains("rotated") ? 2 : 1);
    assertThat(Collections.frequency(world.types(), "boot"))
        .isEqualTo(done.contains("opened") ? 3 : 2);
    assertThat(Collections.frequency(world.types(), "seal"))
        .isEqualTo(done.contains("closed") ? 2 : 1);
    assertTheLastBootNamesWhereItStopped();
  }

  @Test
  void a_crash_point_that_does_not_exist_is_refused() {
    assertThatThrownBy(() -> CrashPoint.parse("batch/now"))
        .hasMessage("`batch/now` is not a crash point; one is written like `batch/before-commit`");
  }

  private void assertTheLastBootNamesWhereItStopped() {
    int boot = world.types().lastIndexOf("boot");
    var before = world.reader().at(boot - 1).orElseThrow();
    var named = world.reader().at(boot).orElseThrow();
    assertThat(named.number("previousEpoch")).isEqualTo(before.producer().epoch());
    assertThat(named.number("previousN")).isEqualTo(before.n());
  }

  private static int stepOf(Stage stage) {
    return switch (stage) {
      case BOOT -> 0;
      case BATCH -> STEPS.indexOf("batch_2");
      case CHANGE -> STEPS.indexOf("change_1");
      case ROTATION -> STEPS.indexOf("rotated");
      case SEAL -> STEPS.indexOf("closed");
    };
  }

  private static List<String> idsOf(List<String> done) {
    var ids = new ArrayList<>(done.stream().filter(step -> step.contains("_")).toList());
    ids.add("after");
    return ids;
  }

  /// Runs the process to its end.
  ///
  /// @return what it was told is durable
  private List<String> diesAt(CrashPoint point) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingAppender.class.getName(),
                world.where().url(),
                world.where().user(),
                world.where().password(),
                world.keyDirectory().toString(),
                point.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out = process.inputReader()) {
      var told = out.lines().filter(STEPS::contains).toList();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(KILLED);
      return told;
    } finally {
      process.destroyForcibly();
    }
  }
}
