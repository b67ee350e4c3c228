package dev.remit.kernel.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Days of probes, simulated: how long until an alarm without a cause, and how soon with one.
class DriftDetectorTest {
  private static final int RUNS = 400;
  private static final int DAYS_MAX = 20_000;

  @ParameterizedTest
  @CsvSource({"0.05, 20, 100", "0.20, 10, 100", "0.02, 50, 200", "0.10, 1, 100"})
  void a_false_alarm_takes_as_long_as_stated_in_the_mean(
      double approved, int probes, double falseAlarmDays) {
    var random = new Random(3);
    double days = 0;
    for (int i = 0; i < RUNS; i++) {
      days += alarmed(random, fresh(approved, falseAlarmDays), approved, probes);
    }

    // Runs that would go on are counted as if they had alarmed, which only shortens the mean.
    assertThat(days / RUNS).isGreaterThanOrEqualTo(falseAlarmDays);
  }

  /// The claim rests on nothing about one day: here all its probes fail together or not at all.
  @Test
  void probes_that_fail_together_do_not_raise_the_rate() {
    var random = new Random(4);
    double days = 0;
    for (int i = 0; i < RUNS; i++) {
      var detector = fresh(0.05, 100);
      int day = 0;
      while (!detector.isAlarm() && day < DAYS_MAX) {
        detector = detector.after(random.nextDouble() < 0.05 ? 20 : 0, 20);
        day++;
      }
      days += day;
    }

    assertThat(days / RUNS).isGreaterThanOrEqualTo(100);
  }

  @Test
  @Tag("R116")
  @Tag("R197")
  void a_change_is_noticed_within_days_also_after_a_long_good_time() {
    var random = new Random(5);
    double days = 0;
    for (int i = 0; i < 100; i++) {
      var detector = fresh(0.05, 365);
      for (int day = 0; day < 300; day++) {
        detector = detector.after(0, 40);
      }
      days += alarmed(random, detector, 0.30, 40);
    }

    assertThat(days / 100).isLessThan(5);
  }

  @Test
  void a_small_change_takes_longer_and_is_noticed_too() {
    var random = new Random(6);
    double days = 0;
    for (int i = 0; i < 100; i++) {
      days += alarmed(random, fresh(0.05, 365), 0.10, 40);
    }

    assertThat(days / 100).isBetween(3.0, 60.0);
  }

  @Test
  void what_cannot_be_is_refused() {
    assertThatThrownBy(() -> fresh(0, 100)).hasMessageContaining("approved");
    assertThatThrownBy(() -> fresh(0.1, 1)).hasMessageContaining("10");
    assertThatThrownBy(() -> fresh(0.1, 100).after(3, 2)).hasMessageContaining("3 of 2");
    assertThatThrownBy(() -> fresh(0.1, 100).after(0, 0)).hasMessageContaining("0 of 0");
  }

  private static DriftDetector fresh(double approved, double falseAlarmDays) {
    return DriftDetector.fresh(approved, falseAlarmDays);
  }

  private static int alarmed(Random random, DriftDetector from, double share, int probes) {
    var detector = from;
    for (int day = 1; day <= DAYS_MAX; day++) {
      int failed = 0;
      for (int probe = 0; probe < probes; probe++) {
        failed += random.nextDouble() < share ? 1 : 0;
      }
      detector = detector.after(failed, probes);
      if (detector.isAlarm()) {
        return day;
      }
    }
    return DAYS_MAX;
  }
}
