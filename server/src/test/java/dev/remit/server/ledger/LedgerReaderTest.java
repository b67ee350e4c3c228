package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.ledger.AuditReport;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.LedgerAudit;
import dev.remit.kernel.ledger.ReceiptCheck;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What readers see of what was recorded, bodies included, and what they see of a changed table.
class LedgerReaderTest {
  private final LedgerWorld world = new LedgerWorld();

  @AfterEach
  void the_ledger_verifies() {
    world.close();
  }

  @Test
  @Tag("R202")
  void a_decision_is_found_by_its_id_with_its_outcome_and_as_the_last_one() {
    world.ledger().append(world.entry("dec_a"));
    world.ledger().append(world.entry("dec_b"));
    world.ledger().append(Entry.of(EntryType.CALL_ENDED, world.now()).with("of", "dec_a"));
    var reader = world.reader();

    assertThat(reader.entry("dec_a").orElseThrow().index()).isEqualTo(2);
    assertThat(reader.of("dec_a"))
        .singleElement()
        .satisfies(e -> assertThat(e.index()).isEqualTo(4));
    assertThat(reader.last(EntryType.CALL_DECIDED, EntryType.CALL_REFUSED).orElseThrow().id())
        .contains("dec_b");
    assertThat(reader.entry("dec_c")).isEmpty();
    assertThat(reader.page(3, 10)).hasSize(2);
  }

  @Test
  void a_receipt_asked_for_later_is_against_the_newest_checkpoint() {
    for (int i = 0; i < 600; i++) {
      world.ledger().submit(world.entry("dec_" + i));
    }
    world.ledger().append(world.entry("dec_last"));

    var receipt = world.reader().receipt("dec_17").orElseThrow();

    assertThat(receipt.check(world.keys())).isInstanceOf(ReceiptCheck.Proven.class);
    assertThat(receipt.isFor(world.entryBytes("dec_17"))).isTrue();
    assertThat(receipt.checkpoint().size()).isEqualTo(603);
  }

  @Test
  @Tag("R188")
  void a_body_is_stored_encrypted_and_only_a_salted_commitment_is_in_the_entry() {
    var prompt = Body.of("prompt", "pay invoice 4711 to a very recognisable supplier");

    world.ledger().append(world.entry("dec_a"), prompt);
    world.ledger().append(world.entry("dec_b"), prompt);

    var reader = world.reader();
    var entry = reader.entry("dec_a").orElseThrow();
    assertThat(new String(reader.body(entry, "prompt").orElseThrow(), StandardCharsets.UTF_8))
        .isEqualTo("pay invoice 4711 to a very recognisable supplier");
    assertThat(reader.body(entry, "result")).isEmpty();
    assertThat(world.entryText("dec_a")).doesNotContain("invoice").contains("commitment");
    assertThat(entry.content().path("bodies"))
        .isNotEqualTo(reader.entry("dec_b").orElseThrow().content().path("bodies"));
    assertThat(
            world.texts("SELECT encode(ciphertext, 'escape') AS text FROM ledger_body").getFirst())
        .doesNotContain("recognisable");
  }

  @Test
  void a_body_swapped_with_another_is_found_when_it_is_read() {
    world.ledger().append(world.entry("dec_a"), Body.of("prompt", "harmless"));
    world.ledger().append(world.entry("dec_b"), Body.of("prompt", "harmful"));
    world.sql(
        """
        UPDATE ledger_body a
           SET ciphertext = b.ciphertext, kek = b.kek, wrapped = b.wrapped
          FROM ledger_body b
         WHERE a.index = 2 AND b.index = 3
        """);
    var reader = world.reader();
    var entry = reader.entry("dec_a").orElseThrow();

    assertThatThrownBy(() -> reader.body(entry, "prompt"))
        .hasMessageContaining("is not the one that was recorded");
  }

  /// Direct edits of the stored rows, as an administrator of the database could make them.
  @ParameterizedTest
  @Tag("R203")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          17  | UPDATE ledger_entry SET bytes = set_byte(bytes, 40, 65) WHERE index = 17
          299 | UPDATE ledger_entry SET bytes = set_byte(bytes, 9, 66) WHERE index = 299
          20  | DELETE FROM ledger_entry WHERE index = 20
          255 | DELETE FROM ledger_entry WHERE index = 255
          256 | DELETE FROM ledger_entry WHERE index = 256
          301 | DELETE FROM ledger_entry WHERE index = 301
          41  | UPDATE ledger_entry SET index = CASE index WHEN 41 THEN -1 ELSE index END \
          WHERE index = 41; UPDATE ledger_entry SET index = 41 WHERE index = 42; \
          UPDATE ledger_entry SET index = 42 WHERE index = -1
          """)
  void an_edited_deleted_or_reordered_row_is_named(long index, String sql) {
    for (int i = 0; i < 300; i++) {
      world.ledger().submit(world.entry("dec_" + i));
    }
    world.ledger().append(world.entry("dec_last"));

    for (var statement : sql.split(";", -1)) {
      world.damage(statement);
    }

    var report = audit();
    assertThat(report.holds()).isFalse();
    assertThat(report.damages().getFirst().from()).as("%s", report.damages()).isEqualTo(index);
    assertThat(report.damages().getFirst().to()).isEqualTo(index + 1);
  }

  private AuditReport audit() {
    return LedgerAudit.of(world.reader().files(), world.keys());
  }
}
