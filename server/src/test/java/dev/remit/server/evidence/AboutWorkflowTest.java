package dev.remit.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What belongs to a workflow is found by what entries are about, and is exactly what reading the
/// whole period finds.
@Tag("R43")
class AboutWorkflowTest {
  private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");
  private static final List<String> WORKFLOWS = List.of("desk", "mail", "night");

  private final Path data = TestDatabase.enterable("remit-about-");
  private final Database database = Database.open(TestDatabase.freshConfig());
  private final KeyWrap wrap = KeyWrap.of(MasterKey.open(data, Map.of()));
  private Instant now = BEGIN;
  private final Ledger one =
      Ledger.open(database, new LedgerConfig("node-1", "about.test/1"), wrap, () -> now);
  private final Ledger two =
      Ledger.open(database, new LedgerConfig("node-2", "about.test/2"), wrap, () -> now);
  private final NodeLogs logs = new NodeLogs(database, one, wrap);

  @AfterEach
  void close() {
    two.close();
    one.close();
    database.close();
    TestDatabase.discard(data);
  }

  /// Calls, outcomes at another node, tasks, what is declared and what is everybody's, in any
  /// order; looked at over periods that cut through it.
  @Test
  void it_finds_what_reading_the_whole_period_finds() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var work = new RandomWork(random);
    for (int i = 0; i < 600; i++) {
      now = now.plusMillis(random.nextInt(2_000));
      (random.nextBoolean() ? one : two).append(work.next(now));
    }

    for (var workflow : WORKFLOWS) {
      for (int from = 0; from < 600; from += 97) {
        var scope = scope(workflow, BEGIN.plusSeconds(from), now.plusMillis(1));

        var found = indexed(scope, 10_000);

        assertThat(found.map(AboutWorkflowTest::places))
            .as("%s from %d s, seed %d", workflow, from, seed)
            .isEqualTo(
                new Gathering(scope, each(), 10_000).entries().map(AboutWorkflowTest::places));
      }
    }
  }

  @Test
  void what_others_have_done_is_not_read() {
    for (int i = 0; i < 300; i++) {
      one.append(decided("night", now));
    }
    one.append(decided("desk", now));

    var looked = AboutWorkflow.of(scope("desk", BEGIN, now.plusMillis(1)), each(), 100);

    assertThat(looked).isInstanceOf(AboutWorkflow.Looked.Found.class);
    var candidates = ((AboutWorkflow.Looked.Found) looked).candidates();
    var read = new ArrayList<RecordedEntry>();
    each().forEach(log -> candidates.of(log).forEachRemaining(read::add));
    // The one decision, and that each of the two nodes has started.
    assertThat(read).extracting(RecordedEntry::type).hasSizeLessThan(10);
    assertThat(read).extracting(RecordedEntry::type).containsOnlyOnce(EntryType.CALL_DECIDED);
  }

  @Test
  void more_than_is_taken_is_said_before_it_is_read() {
    for (int i = 0; i < 30; i++) {
      two.append(decided("desk", now));
    }
    var scope = scope("desk", BEGIN, now.plusMillis(1));

    assertThat(AboutWorkflow.of(scope, each(), 29))
        .isInstanceOf(AboutWorkflow.Looked.TooMuch.class);
    assertThat(AboutWorkflow.of(scope, each(), 30)).isInstanceOf(AboutWorkflow.Looked.Found.class);
  }

  /// A log that was begun by a server that did not write the column.
  @Test
  void a_period_that_began_before_entries_said_what_they_are_about_is_read_as_a_whole() {
    one.append(decided("desk", now));
    database.run(tx -> {
      tx.update("UPDATE ledger_entry SET about = NULL");
      tx.update("UPDATE ledger_log SET about_from = size");
    });
    now = now.plus(Duration.ofHours(2));
    one.append(decided("desk", now));

    var whole = AboutWorkflow.of(scope("desk", BEGIN, now.plusMillis(1)), each(), 100);
    var later = scope("desk", now.minus(Duration.ofMinutes(1)), now.plusMillis(1));

    assertThat(whole).isInstanceOf(AboutWorkflow.Looked.NotKnown.class);
    assertThat(indexed(later, 100).map(AboutWorkflowTest::places))
        .isEqualTo(new Gathering(later, each(), 100).entries().map(AboutWorkflowTest::places));
  }

  private Optional<SortedMap<String, List<RecordedEntry>>> indexed(Scope scope, int max) {
    if (AboutWorkflow.of(scope, each(), max) instanceof AboutWorkflow.Looked.Found(var found)) {
      return new Gathering(scope, each(), max, found).entries();
    }
    throw new IllegalStateException("a log that begins here says what its entries are about");
  }

  private static Map<String, List<Long>> places(SortedMap<String, List<RecordedEntry>> found) {
    var places = new TreeMap<String, List<Long>>();
    found.forEach(
        (log, entries) -> places.put(log, entries.stream().map(RecordedEntry::index).toList()));
    return places;
  }

  private static Scope scope(String workflow, Instant from, Instant to) {
    var related = new TreeSet<>(Set.of("workflow/" + workflow, "identity/" + workflow + "-agent"));
    related.add("tool/files/" + workflow);
    return new Scope(Scope.Kind.WORKFLOW, workflow, from, to, related);
  }

  private List<SeenLogs.Log> each() {
    return logs.all().stream()
        .filter(log -> !log.isRoot())
        .map(log -> {
          var history = logs.history(log);
          var note = history.checkpoint();
          return new SeenLogs.Log(log.node(), history, note, Checkpoint.parse(note.text()).size());
        })
        .toList();
  }

  private static Entry decided(String workflow, Instant now) {
    return Entry.of(EntryType.CALL_DECIDED, now)
        .with("id", DecisionId.fresh(now).value())
        .with("workflow", workflow)
        .with("task", TaskId.fresh(now).value())
        .with("decision", "allow");
  }

  /// What agents and people of three workflows might do.
  private static final class RandomWork {
    private final Random random;
    private final List<String> decisions = new ArrayList<>();
    private final List<String> tasks = new ArrayList<>();

    private RandomWork(Random random) {
      this.random = random;
    }

    private Entry next(Instant now) {
      var workflow = any(WORKFLOWS);
      return switch (random.nextInt(12)) {
        case 0, 1, 2 -> decision(workflow, now);
        case 3, 4, 5 -> outcome(now);
        case 6 ->
            Entry.of(EntryType.REGISTRY_CHANGED, now)
                .with("kind", "identity")
                .with("name", workflow + "-agent");
        case 7 -> Entry.of(EntryType.DEFINITION_PINNED, now).with("tool", "files/" + workflow);
        case 8 -> Entry.of(EntryType.FINDING_RAISED, now).with("id", "fnd_" + random.nextInt());
        case 9 -> ofTask(EntryType.CONTROL_MEASURED, now);
        case 10 ->
            Entry.of(EntryType.STANDING_CHANGED, now)
                .with("kind", "workflow")
                .with("name", workflow);
        default -> ofTask(EntryType.TASK_COMPLETED, now);
      };
    }

    private Entry decision(String workflow, Instant now) {
      var id = DecisionId.fresh(now).value();
      var task = TaskId.fresh(now).value();
      decisions.add(id);
      tasks.add(task);
      return Entry.of(EntryType.CALL_DECIDED, now)
          .with("id", id)
          .with("workflow", workflow)
          .with("task", task)
          .with("decision", "allow");
    }

    private Entry outcome(Instant now) {
      return Entry.of(EntryType.CALL_ENDED, now)
          .with("of", decisions.isEmpty() ? "dec_none" : any(decisions))
          .with("outcome", "answered");
    }

    private Entry ofTask(EntryType type, Instant now) {
      return Entry.of(type, now).with("task", tasks.isEmpty() ? "task_none" : any(tasks));
    }

    private <T> T any(List<T> all) {
      return all.get(random.nextInt(all.size()));
    }
  }
}
