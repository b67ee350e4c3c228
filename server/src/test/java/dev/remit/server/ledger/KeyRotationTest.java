package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.CheckpointCheck;
import dev.remit.kernel.ledger.LedgerAudit;
import dev.remit.kernel.ledger.LogKey;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.ReceiptCheck;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.CommitUnknown;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A log changes its signing key and stays one log.
@Tag("R203")
class KeyRotationTest {
  private static final PersonName ANNA = new PersonName("anna");

  private final LedgerWorld world = new LedgerWorld();

  @AfterEach
  void the_ledger_verifies() {
    world.close();
  }

  @Test
  void the_old_key_signs_for_the_entry_that_names_the_new_one_and_the_new_one_for_what_follows() {
    var before = world.ledger().append(world.entry("dec_before"));

    var rotation = world.ledger().rotateKey(ANNA, "the old one is a year old", world.now());
    var after = world.ledger().append(world.entry("dec_after"));

    var keys = world.reader().logKeys();
    assertThat(keys.keys()).containsExactly(rotation.previous(), rotation.next());
    assertThat(rotation.next().first()).isEqualTo(after.checkpoint().size());
    assertThat(keys.check(before.note()))
        .isEqualTo(new CheckpointCheck.Proven(before.checkpoint(), rotation.previous().key()));
    assertThat(keys.check(after.note()))
        .isEqualTo(new CheckpointCheck.Proven(after.checkpoint(), rotation.next().key()));
    assertThat(world.text(3))
        .contains("\"by\":\"anna\"")
        .contains("\"key\":\"" + rotation.next().key() + "\"")
        .contains("\"reason\":\"the old one is a year old\"");
  }

  @Test
  void who_trusts_only_the_first_key_can_verify_the_whole_log_after_two_rotations() {
    var first = world.keys();
    world.ledger().append(world.entry("dec_a"));
    world.ledger().rotateKey(ANNA, "one", world.now());
    world.ledger().append(world.entry("dec_b"));
    world.ledger().rotateKey(ANNA, "two", world.now());
    world.ledger().append(world.entry("dec_c"));

    var report = LedgerAudit.of(world.reader().files(), first);

    assertThat(report.damages()).isEmpty();
    assertThat(report.keys()).isEqualTo(world.reader().logKeys());
  }

  @Test
  void a_key_that_was_replaced_is_believed_no_receipt_after_its_span() {
    var before = world.ledger().append(world.entry("dec_before"));
    world.ledger().rotateKey(ANNA, "it leaked", world.now());
    var keys = world.reader().logKeys();
    var old = keys.keys().getFirst();

    var narrowed = new LogKeys(List.of(new LogKey(old.key(), 0, 2)));

    assertThat(before.check(keys)).isInstanceOf(ReceiptCheck.Proven.class);
    assertThat(before.check(narrowed)).isInstanceOf(ReceiptCheck.OutsideSpan.class);
  }

  @Test
  void the_new_key_goes_on_signing_after_a_restart() {
    var rotation = world.ledger().rotateKey(ANNA, "yearly", world.now());
    world.ledger().close();

    world.reopen();
    var receipt = world.ledger().append(world.entry("dec_after"));

    assertThat(receipt.check(List.of(rotation.next().key())))
        .isInstanceOf(ReceiptCheck.Proven.class);
  }

  @Test
  void a_rotation_that_was_stored_but_reported_failed_has_happened() {
    world.failNextCommit(Fault.STORED);

    var rotation = world.ledger().rotateKey(ANNA, "yearly", world.now());

    var receipt = world.ledger().append(world.entry("dec_after"));
    assertThat(receipt.check(List.of(rotation.next().key())))
        .isInstanceOf(ReceiptCheck.Proven.class);
  }

  @Test
  void a_rotation_that_was_lost_has_not_and_the_old_key_goes_on() {
    var old = world.keys();
    world.failNextCommit(Fault.LOST);

    assertThatThrownBy(() -> world.ledger().rotateKey(ANNA, "yearly", world.now()))
        .isInstanceOf(CommitUnknown.class);

    var receipt = world.ledger().append(world.entry("dec_after"));
    assertThat(receipt.check(old)).isInstanceOf(ReceiptCheck.Proven.class);
    assertThat(world.keys()).isEqualTo(old);
  }
}
