package dev.remit.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What each status means, and how long is waited.
class HttpVerdictTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void an_acknowledgement_is_one(int status) {
    assertThat(verdict(status)).isEqualTo(new Delivered.Taken());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void the_entry_is_at_fault(int status) {
    assertThat(verdict(status)).isInstanceOf(Delivered.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 401, 403, 404, 405, 408, 415, 429, 503})
  void the_destination_takes_nothing_now(int status) {
    assertThat(verdict(status)).isInstanceOf(Delivered.Later.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 504})
  void this_delivery_failed(int status) {
    assertThat(verdict(status)).isInstanceOf(Delivered.Failed.class);
  }

  @Test
  void it_is_asked_again_when_it_says_in_seconds_or_as_a_date_and_not_for_ever() {
    assertThat(wait("120")).contains(Duration.ofMinutes(2));
    assertThat(wait("Sat, 21 Nov 2026 10:05:00 GMT")).contains(Duration.ofMinutes(5));
    assertThat(wait("999999999")).contains(Duration.ofHours(24));
    for (var useless : List.of("0", "-5", "soon", "Sat, 21 Nov 2026 09:00:00 GMT", "")) {
      assertThat(wait(useless)).as(useless).isEmpty();
    }
  }

  /// The seed is in the message.
  @Test
  void waits_double_up_to_their_limit_and_are_never_shorter_than_half() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var min = Duration.ofMillis(100);
    var max = Duration.ofSeconds(30);
    for (int failures = 1; failures < 2_000; failures++) {
      var full = Math.min(max.toMillis(), failures > 20 ? max.toMillis() : 100L << (failures - 1));

      var wait = Backoff.after(failures, min, max, random).toMillis();

      assertThat(wait).as("seed " + seed).isBetween(full / 2, full);
    }
  }

  private static Delivered verdict(int status) {
    return verdict(status, Map.of());
  }

  private static Delivered verdict(int status, Map<String, List<String>> headers) {
    var answered =
        new HttpSender.Answer.Said(status, HttpHeaders.of(headers, (_, _) -> true), new byte[0]);
    return HttpVerdict.of(answered, NOW);
  }

  private static Optional<Duration> wait(String retryAfter) {
    return verdict(503, Map.of("Retry-After", List.of(retryAfter)))
            instanceof Delivered.Later(var wait, _)
        ? wait
        : Optional.empty();
  }
}
