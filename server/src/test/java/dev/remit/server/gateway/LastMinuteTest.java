package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R95")
class LastMinuteTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private final LastMinute minute = new LastMinute();

  @Test
  void what_happened_is_counted_for_sixty_seconds() {
    minute.add(NOON);
    minute.add(NOON.plusSeconds(30));

    assertThat(minute.count(NOON.plusSeconds(59))).isEqualTo(2);
    assertThat(minute.count(NOON.plusSeconds(60))).isEqualTo(1);
    assertThat(minute.count(NOON.plusSeconds(89))).isEqualTo(1);
    assertThat(minute.count(NOON.plusSeconds(90))).isZero();
  }

  @Test
  void a_clock_that_is_set_back_lets_nobody_call_more() {
    minute.add(NOON);

    assertThat(minute.count(NOON.minusSeconds(600))).isEqualTo(1);
  }

  @Test
  void it_counts_as_a_list_of_moments_would() {
    var random = new Random(7);
    var moments = new ArrayList<Instant>();
    var now = NOON;
    for (int i = 0; i < 5_000; i++) {
      now = now.plusMillis(random.nextInt(3_000));
      minute.add(now);
      moments.add(now);
      long since = now.getEpochSecond() - 60;
      long expected = moments.stream().filter(at -> at.getEpochSecond() > since).count();
      assertThat(minute.count(now)).isEqualTo(expected);
    }
  }
}
