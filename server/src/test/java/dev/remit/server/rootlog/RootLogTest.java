package dev.remit.server.rootlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.witness.SmallWitness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One node keeps a log over all nodes' logs, another takes over when it is gone, and what does not
/// continue what was seen is a finding.
@Tag("R208")
class RootLogTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final NodesWorld world = new NodesWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void the_root_log_tells_how_far_every_log_has_come() {
    var a = world.start("node-a");
    var b = world.start("node-b");
    b.append();
    long size = b.logs.find("node-b").orElseThrow().size();

    await().atMost(SOON).until(() -> sizeSeen(a, "node-b") >= size && sizeSeen(a, "node-a") > 0);

    var seen = NodesWorld.seen(a, "node-b").getLast();
    assertThat(seen.text("of")).contains("nodes.test/node-b");
    assertThat(seen.number("logs")).isEqualTo(2);
    assertThat(boots(a)).hasSize(1);
  }

  @Test
  void a_single_node_keeps_it_too_and_is_its_own_successor_at_once() {
    var first = world.start("node-a");
    await().atMost(SOON).until(() -> sizeSeen(first, "node-a") > 0);
    first.kill();

    var again = world.start("node-a");

    await().atMost(SOON).until(() -> boots(again).size() == 2);
    assertThat(boots(again).getLast().text("keeper")).contains("node-a");
  }

  @Test
  void when_its_keeper_is_killed_another_node_takes_over_and_finds_that_node_silent() {
    var keeper = world.start("node-a");
    await().atMost(SOON).until(() -> !boots(keeper).isEmpty());
    var other = world.start("node-b");
    await().atMost(SOON).until(() -> sizeSeen(other, "node-b") > 0);

    keeper.kill();

    await().atMost(SOON).until(() -> boots(other).size() == 2);
    assertThat(boots(other).getLast().text("keeper")).contains("node-b");
    await().atMost(SOON).until(() -> !other.found("log-silent").isEmpty());
    assertThat(other.found("log-silent").getFirst().summary())
        .contains("node `node-a` has recorded nothing since");
    assertThat(other.found("log-silent").getFirst().times()).isEqualTo(1);
  }

  @Test
  @Tag("R203")
  void whoever_keeps_it_brings_it_to_its_witnesses() {
    try (var anna = new SmallWitness("anna.test/w")) {
      world.witnessedBy(anna.asConfigured());
      var keeper = world.start("node-a");
      await().atMost(SOON).until(() -> sizeSeen(keeper, "node-a") > 0);
      anna.knows(keeper.logs.keys());
      await().atMost(SOON).until(() -> anna.latest().isPresent());
      long cosigned = anna.latest().orElseThrow().size();

      keeper.kill();
      var other = world.start("node-b");

      await().atMost(SOON).until(() -> anna.latest().orElseThrow().size() > cosigned);
      assertThat(anna.latest().orElseThrow().origin()).isEqualTo("nodes.test/root");
      assertThat(other.found("log-forked")).isEmpty();
    }
  }

  /// A database restored as a whole takes its root log back with it: nobody inside has seen it.
  @Test
  @Tag("R203")
  void a_witness_tells_when_the_root_log_itself_was_set_back() {
    try (var anna = new SmallWitness("anna.test/w")) {
      world.witnessedBy(anna.asConfigured());
      var keeper = world.start("node-a");
      await().atMost(SOON).until(() -> sizeSeen(keeper, "node-a") > 0);
      anna.knows(keeper.logs.keys());
      await().atMost(SOON).until(() -> anna.latest().isPresent());
      keeper.stop();

      anna.remembers(100_000);
      var again = world.start("node-a");

      await().atMost(SOON).until(() -> !again.found("log-set-back").isEmpty());
      assertThat(again.found("log-set-back").getFirst().summary())
          .contains("witness `anna.test/w` has cosigned 100000 entries of `nodes.test/root`");
    }
  }

  @Test
  void a_keeper_that_leaves_in_order_seals_it_and_nobody_waits_or_misses_it() {
    var keeper = world.start("node-a");
    await().atMost(SOON).until(() -> !boots(keeper).isEmpty());
    var other = world.start("node-b");

    keeper.stop();

    await().atMost(SOON).until(() -> boots(other).size() == 2);
    assertThat(NodesWorld.rootEntries(other).stream().map(RecordedEntry::type))
        .contains(EntryType.SEAL);
    await().atMost(SOON).until(() -> lastSeen(other, "node-a").equals("seal"));
    await()
        .during(NodesWorld.QUICK.silentAfter().multipliedBy(2))
        .atMost(SOON)
        .until(() -> other.found("log-silent").isEmpty());
  }

  @Test
  void a_log_whose_rows_were_cut_back_is_a_finding_of_the_others() {
    var a = world.start("node-a");
    var b = world.start("node-b");
    for (int i = 0; i < 5; i++) {
      b.append();
    }
    long size = b.logs.find("node-b").orElseThrow().size();
    await().atMost(SOON).until(() -> sizeSeen(a, "node-b") >= size);
    b.kill();

    world.damage(
        """
        UPDATE ledger_log AS l
           SET size = c.size, root = decode(split_part(c.note, chr(10), 3), 'base64'), note = c.note
          FROM (SELECT DISTINCT ON (log) * FROM ledger_checkpoint ORDER BY log, size) AS c
         WHERE c.log = l.log AND l.node = 'node-b'
        """);

    await().atMost(SOON).until(() -> !a.found("log-set-back").isEmpty());
    assertThat(a.found("log-set-back").getFirst().summary())
        .matches("the root log has seen \\d+ entries of `nodes.test/node-b`, which has \\d+");
    assertThat(a.found("log-set-back").getFirst().times()).isEqualTo(1);
  }

  @Test
  void an_edited_tree_is_a_fork() {
    var a = world.start("node-a");
    var b = world.start("node-b");
    b.append();
    await().atMost(SOON).until(() -> sizeSeen(a, "node-b") > 2);
    b.kill();

    world.damage(
        "UPDATE ledger_entry SET leaf = sha256('other'::bytea) WHERE index = 2 AND log ="
            + " (SELECT log FROM ledger_log WHERE node = 'node-b')");

    await().atMost(SOON).until(() -> !a.found("log-forked").isEmpty());
    assertThat(a.found("log-forked").getFirst().subject()).isEqualTo("nodes.test/node-b");
  }

  @Test
  void two_processes_that_want_one_log_are_a_finding() {
    var a = world.start("node-a");
    var old = world.start("node-b");
    await().atMost(SOON).until(() -> sizeSeen(a, "node-b") > 0);

    world.start("node-b");

    await().atMost(SOON).until(() -> !a.found("log-contested").isEmpty());
    assertThat(old.ledger.isFenced()).isTrue();
    assertThat(a.found("log-contested").getFirst().summary())
        .startsWith("two processes ran as node `node-b`");
  }

  private static long sizeSeen(NodesWorld.Node by, String node) {
    return NodesWorld.seen(by, node).stream()
        .reduce((_, later) -> later)
        .map(seen -> seen.number("size"))
        .orElse(0L);
  }

  private static String lastSeen(NodesWorld.Node by, String node) {
    return NodesWorld.seen(by, node).stream()
        .reduce((_, later) -> later)
        .flatMap(seen -> seen.text("last"))
        .orElse("");
  }

  private static List<RecordedEntry> boots(NodesWorld.Node by) {
    return NodesWorld.rootEntries(by).stream()
        .filter(entry -> entry.type() == EntryType.BOOT)
        .toList();
  }
}
