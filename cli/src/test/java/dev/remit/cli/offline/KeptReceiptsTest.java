package dev.remit.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KeptReceiptsTest {

  @Test
  void a_line_without_a_receipt_is_named() {
    assertThat(KeptReceipts.isIn("{\"receipt\":\"\"}")).isTrue();
    assertThatThrownBy(() -> KeptReceipts.parse("{\"method\":\"tools/call\",\"receipt\":\"AQ\"}\n"))
        .hasMessageStartingWith("line 1 holds no receipt");
  }
}
