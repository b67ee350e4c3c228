package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StrangersTest {
  private static final Instant NOW = Instant.parse("2026-05-04T10:00:59.999Z");

  private final Strangers strangers = new Strangers();

  @Test
  void whoever_knocks_without_end_does_not_fill_the_ledger() {
    for (int i = 0; i < Strangers.RECORDED_A_MINUTE; i++) {
      assertThat(strangers.next(NOW)).hasValue(0);
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(strangers.next(NOW)).isEqualTo(OptionalLong.empty());
    }
  }

  @Test
  void the_next_minute_s_first_says_how_many_went_by() {
    for (int i = 0; i < Strangers.RECORDED_A_MINUTE + 7; i++) {
      strangers.next(NOW);
    }

    assertThat(strangers.next(NOW.plusMillis(1))).hasValue(7);
    assertThat(strangers.next(NOW.plusMillis(2))).hasValue(0);
  }
}
