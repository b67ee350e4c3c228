package dev.remit.kernel.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.TestLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Changes that several nodes recorded are replayed in the order of their commits, and one that was
/// withheld leaves a number that nobody tells.
@Tag("R202")
@Tag("R203")
class MergedLogsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final List<TestLog> logs = List.of(new TestLog(), new TestLog(), new TestLog());
  private final List<RecordedEntry> merged = new ArrayList<>();

  MergedLogsTest() {
    logs.forEach(TestLog::boot);
  }

  @RepeatedTest(20)
  void changes_come_in_the_order_of_their_numbers_whatever_the_clocks_say() {
    for (int change = 1; change <= 60; change++) {
      numbered(any(), change);
      any().add(Entry.of(EntryType.HEARTBEAT, NOW));
    }

    var disorder = merge();

    assertThat(disorder).as("seed " + seed).isEmpty();
    assertThat(changes())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 60).mapToObj(n -> (long) n).toList());
    assertThat(merged).hasSize(123);
  }

  @RepeatedTest(20)
  void a_change_that_is_withheld_or_told_twice_is_named() {
    int withheld = 1 + random.nextInt(59);
    int twice = 1 + random.nextInt(59);
    for (int change = 1; change <= 60; change++) {
      if (change != withheld) {
        numbered(logs.get(change % 2), change);
      }
      if (change == twice && change != withheld) {
        numbered(logs.get(2), change);
      }
    }

    var disorder = merge();

    assertThat(disorder).as("seed " + seed).contains("change " + withheld + " is told by no log");
    if (twice != withheld) {
      assertThat(disorder)
          .anySatisfy(one -> assertThat(one).startsWith("change " + twice + " is told twice"));
    }
  }

  @Test
  void what_is_older_than_numbers_comes_first_in_each_logs_order_and_between_logs_by_time() {
    old(logs.get(0), "first", 0);
    old(logs.get(0), "third", 20);
    numbered(logs.get(0), 2);
    old(logs.get(1), "second", 10);
    numbered(logs.get(1), 1);

    var disorder = merge();

    assertThat(disorder).isEmpty();
    assertThat(merged.stream().map(entry -> entry.text("name").orElse("boot")))
        .containsSubsequence("first", "second", "third", "change 1", "change 2");
  }

  @Test
  void a_change_without_a_number_after_one_that_has_it_is_named() {
    numbered(logs.get(0), 1);
    old(logs.get(0), "slipped in", 5);

    assertThat(merge())
        .containsExactly(
            "entry 2 of node-1 is a change without a number, after changes that have one");
  }

  private TestLog any() {
    return logs.get(random.nextInt(logs.size()));
  }

  private void numbered(TestLog log, long change) {
    log.add(standing("change " + change, random.nextInt(1000)).with(RecordedEntry.CHANGE, change));
  }

  private static void old(TestLog log, String name, int seconds) {
    log.add(standing(name, seconds));
  }

  private static Entry standing(String name, int seconds) {
    return Entry.of(EntryType.STANDING_CHANGED, NOW.plusSeconds(seconds))
        .with("kind", "identity")
        .with("name", name);
  }

  private List<String> merge() {
    var all =
        new MergedLogs(
            logs.stream()
                .<Supplier<Iterator<RecordedEntry>>>map(log -> () -> entries(log))
                .toList());
    all.entries(merged::add);
    return all.disorder();
  }

  private static Iterator<RecordedEntry> entries(TestLog log) {
    return IntStream.range(0, log.entries.size())
        .mapToObj(i -> RecordedEntry.parse(i, log.entries.get(i)))
        .iterator();
  }

  private List<Long> changes() {
    return merged.stream().flatMapToLong(entry -> entry.change().stream()).boxed().toList();
  }
}
