package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.state.Disagreement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The tables are what the ledger says, and nobody edits one unseen.
@Tag("R202")
@Tag("R203")
class StateTest {
  private final StateWorld world = new StateWorld();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void nothing_is_reported_after_any_history_that_the_server_made_itself() {
    world.after(random, 300);

    var report = world.compared();

    assertThat(report.disagreements()).as("seed " + seed).isEmpty();
    System.out.println("300 changes, seed " + seed + ": " + report.rows());
  }

  /// Rows and the length of the log are one moment, however much happens meanwhile.
  @Test
  void changes_made_while_the_rows_are_read_are_no_disagreement() {
    var done = new AtomicBoolean();
    var changing =
        CompletableFuture.runAsync(() -> {
          while (!done.get()) {
            world.change(random);
          }
        });

    var reports = IntStream.range(0, 25).mapToObj(_ -> world.compared()).toList();

    done.set(true);
    changing.join();
    assertThat(reports).allSatisfy(r -> assertThat(r.disagreements()).as("seed " + seed).isEmpty());
    assertThat(reports.getLast().entries()).isGreaterThan(reports.getFirst().entries());
  }

  @Test
  void an_edited_approval_is_named() {
    // Some of them are still pending, some are settled.
    var ids =
        Stream.generate(() -> world.approval(random, Instant.now()).value()).limit(8).toList();

    var settled = world.found("UPDATE approval SET state = 'PENDING', settled_by = 'mallory'");
    var asker = world.found("UPDATE approval SET asker = 'mallory'");

    assertThat(ids)
        .allSatisfy(id -> {
          assertThat(settled).anySatisfy(one -> names(one, "approval", id, "settledBy"));
          assertThat(asker).anySatisfy(one -> names(one, "approval", id, "bound"));
        });
  }

  @Test
  void an_edited_policy_or_person_is_named_even_if_its_digest_was_edited_too() {
    world.after(random, 100);

    assertThat(
            world.found(
                "UPDATE declared SET spec = spec || '{\"roles\":[\"admin\"]}'"
                    + " WHERE kind = 'person' AND name <> 'admin'"))
        .isNotEmpty()
        .allSatisfy(one -> names(one, "person", one.key(), "spec"));
    assertThat(world.found("UPDATE declared SET digest = 'sha256:00' WHERE kind = 'policy'"))
        .anySatisfy(one -> names(one, "policy", one.key(), "digest"));
  }

  @Test
  void a_replaced_key_and_a_lost_or_invented_row_are_named() {
    world.after(random, 100);

    assertThat(world.found("UPDATE signing_key SET wrapped = 'x'::bytea"))
        .singleElement()
        .satisfies(one -> names(one, "signing-key", one.key(), "sealed"));
    assertThat(world.found("DELETE FROM finding WHERE id = (SELECT min(id) FROM finding)"))
        .anySatisfy(one -> names(one, "finding", one.key(), ""));
    assertThat(
            world.found(
                "INSERT INTO operator_token VALUES ('\\x00', 'mallory', 'admin', now(), NULL)"))
        .anySatisfy(one -> names(one, "operator-token", "sha256:00", ""));
  }

  /// A new table says whether it is replayed: `docs/formats/state.md` has a row for each.
  @Test
  void every_table_is_replayed_or_named_as_left_out() throws IOException {
    var page = Files.readString(Path.of("../docs/formats/state.md"));
    var named =
        page.lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(2, line.indexOf(" |", 2)).replace("`", ""))
            .flatMap(tables -> Arrays.stream(tables.split(", ", -1)))
            .toList();

    assertThat(named).containsExactlyInAnyOrderElementsOf(world.tables());
  }

  private static void names(Disagreement one, String kind, String key, String column) {
    assertThat(one.kind()).isEqualTo(kind);
    assertThat(one.key()).isEqualTo(key);
    assertThat(one.column()).isEqualTo(column);
  }
}
