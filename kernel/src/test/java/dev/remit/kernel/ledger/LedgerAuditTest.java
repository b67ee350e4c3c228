package dev.remit.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A ledger that was not touched verifies; one that was does not, and the place is named.
@Tag("R203")
class LedgerAuditTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final TestLog log = TestLog.random(random, 2 + random.nextInt(1200));
  private final int place = random.nextInt(log.entries.size());

  @RepeatedTest(25)
  void an_untouched_ledger_of_random_shape_holds() {
    var report = audit(log.export());

    assertThat(report.damages()).as("seed %d", seed).isEmpty();
    assertThat(report.holds()).isTrue();
    assertThat(report.entries()).isEqualTo(log.entries.size());
    assertThat(report.openCount()).isZero();
  }

  @RepeatedTest(25)
  void one_edited_byte_of_one_entry_is_named() {
    var edited = edited();

    var report = audit(log.export(edited, log.leaves(), log.note(log.entries)));

    assertNamed(report, place);
  }

  @RepeatedTest(25)
  void one_deleted_entry_is_named() {
    var fewer = new ArrayList<>(log.entries);
    fewer.remove(place);

    var report = audit(log.export(fewer, log.leaves(), log.note(log.entries)));

    assertNamed(report, place);
  }

  @RepeatedTest(25)
  void two_reordered_entries_are_named_even_when_their_hashes_were_reordered_with_them() {
    int other = place + 1 < log.entries.size() ? place + 1 : place - 1;
    var swapped = new ArrayList<>(log.entries);
    Collections.swap(swapped, place, other);

    var report = audit(log.export(swapped, TestLog.leaves(swapped), log.note(log.entries)));

    assertNamed(report, Math.min(place, other));
  }

  @RepeatedTest(25)
  void an_entry_edited_together_with_every_hash_above_it_is_bracketed_by_what_was_signed() {
    var edited = edited();

    var report = audit(log.export(edited, TestLog.leaves(edited), log.note(log.entries)));

    assertNamed(report, place);
  }

  @Test
  void a_rewritten_log_under_another_key_is_not_believed() {
    var rewritten = TestLog.random(random, 50);

    var report = audit(rewritten.export());

    assertThat(report.holds()).isFalse();
    assertThat(report.damages().getFirst().what()).contains("no known key has signed");
  }

  @Test
  void a_shorter_ledger_than_the_checkpoint_claims_is_named_where_it_ends() {
    var files = log.export();
    var fewer = log.entries.subList(0, log.entries.size() - 1);
    var last = Tile.in(log.entries.size(), Tile.ENTRIES, (log.entries.size() - 1) / 256);
    files.put(last.path(), TestLog.bundle(fewer.subList((int) last.first(), fewer.size())));

    assertNamed(audit(files), log.entries.size() - 1);
  }

  @Test
  void a_missing_bundle_is_named_by_the_entries_it_held() {
    var files = log.export();
    var bundle = Tile.in(log.entries.size(), Tile.ENTRIES, place / 256);
    files.remove(bundle.path());

    assertNamed(audit(files), place);
  }

  @Test
  void a_gap_in_the_numbers_of_a_signed_log_is_found() {
    log.entries.remove(log.entries.size() - 2);

    var report = audit(log.export());

    assertThat(report.holds()).isFalse();
    assertThat(report.damages().getFirst().from()).isEqualTo(log.entries.size() - 1);
  }

  @Test
  void an_outcome_without_a_decision_and_a_second_outcome_are_found() {
    log.call("dec_once");
    log.add(Entry.of(EntryType.CALL_ENDED, Instant.EPOCH).with("of", "dec_once"));
    log.add(Entry.of(EntryType.CALL_ENDED, Instant.EPOCH).with("of", "dec_never"));

    var report = audit(log.export());

    assertThat(report.damages())
        .extracting(Damage::what)
        .containsExactly(
            "it is a second outcome of `dec_once`",
            "it is the outcome of `dec_never`, never decided");
  }

  @Test
  void an_allowed_call_without_an_outcome_is_told_and_is_no_damage() {
    log.add(
        Entry.of(EntryType.CALL_DECIDED, Instant.EPOCH)
            .with("id", "dec_open")
            .with("decision", "allow"));

    var report = audit(log.export());

    assertThat(report.holds()).isTrue();
    assertThat(report.open()).containsExactly("dec_open");
  }

  private List<byte[]> edited() {
    var edited = new ArrayList<>(log.entries);
    var bytes = edited.get(place).clone();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
    edited.set(place, bytes);
    return edited;
  }

  private AuditReport audit(Map<String, byte[]> files) {
    return LedgerAudit.of(TestLog.files(files), List.of(log.key()));
  }

  private void assertNamed(AuditReport report, int index) {
    assertThat(report.holds()).isFalse();
    assertThat(report.damages().getFirst())
        .as("entry %d of %d; seed %d", index, log.entries.size(), seed)
        .satisfies(damage -> {
          assertThat(damage.from()).isLessThanOrEqualTo(index);
          assertThat(damage.to()).isGreaterThan(index);
        });
  }
}
