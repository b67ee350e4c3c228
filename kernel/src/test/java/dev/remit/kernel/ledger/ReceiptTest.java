package dev.remit.kernel.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R203")
class ReceiptTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final TestLog log = TestLog.random(random, 1 + random.nextInt(600));
  private final int index = random.nextInt(log.entries.size());
  private final Receipt receipt = receipt();

  @Test
  void a_receipt_proves_its_entry_and_survives_both_of_its_forms() {
    assertThat(receipt.check(List.of(log.key()))).isInstanceOf(ReceiptCheck.Proven.class);
    assertThat(receipt.isFor(log.entries.get(index))).isTrue();
    assertThat(Receipt.ofHeader(receipt.header()).bytes()).isEqualTo(receipt.bytes());
    assertThat(Receipt.ofText(receipt.text()).bytes()).isEqualTo(receipt.bytes());
    assertThat(receipt.header()).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void a_receipt_proves_nothing_under_another_log_s_key() {
    var stranger = TestLog.random(random, 1).key();

    assertThat(receipt.check(List.of(stranger))).isNotInstanceOf(ReceiptCheck.Proven.class);
    assertThat(receipt.check(List.of())).isEqualTo(new ReceiptCheck.UnknownLog(TestLog.ORIGIN));
  }

  @Test
  void no_receipt_with_a_changed_bit_proves_anything_else() {
    byte[] bytes = receipt.bytes();
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      var changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);

      assertThat(proves(changed)).as("bit %d, seed %d", bit, seed).isFalse();
    }
  }

  @Test
  void a_receipt_that_is_cut_short_is_refused() {
    byte[] bytes = receipt.bytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);

      assertThatThrownBy(() -> Receipt.of(cut)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private boolean proves(byte[] bytes) {
    try {
      return Receipt.of(bytes).check(List.of(log.key())) instanceof ReceiptCheck.Proven;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Receipt receipt() {
    var batch = Batch.of(Frontier.EMPTY, log.leaves());
    return new Receipt(index, batch.leaf(index), batch.path(index), log.note(log.entries));
  }
}
