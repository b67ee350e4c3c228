package dev.remit.server.evaluations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.evaluations.ScriptedModel.Said;
import dev.remit.server.registry.Registered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A model that begins to answer otherwise behind an unchanged name.
class DriftTest {
  private static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");
  private static final Digest FINGERPRINT = Digest.of("the approved version");

  private final EvaluationWorld world = new EvaluationWorld();
  private final List<Drift> noticed = new ArrayList<>();
  private DriftWatch watch = open();

  private DriftWatch open() {
    var config =
        new EvaluationConfig(
            world.config.endpoints(),
            4,
            Duration.ofSeconds(2),
            List.of(
                new EvaluationConfig.Probes(
                    "nightly", "old", "drift-probes", 0.05, 100, Duration.ofDays(1))));
    return new DriftWatch(
        world.database,
        world.ledger,
        world.findings,
        world.suites,
        world.client,
        config,
        EvaluationWorld.endpoints(config),
        () -> new Registered(1, List.of()),
        () -> NOW);
  }

  @BeforeEach
  void somebody_listens() {
    watch.onDrift(noticed::add);
  }

  @AfterEach
  void rows_and_ledger_agree() {
    watch.close();
    world.close();
  }

  @Test
  @Tag("R115")
  @Tag("R116")
  @Tag("R118")
  @Tag("R197")
  void a_model_that_stops_refusing_is_noticed_within_days_also_after_a_restart() {
    for (int day = 0; day < 5; day++) {
      watch.askDue(NOW.plus(Duration.ofDays(day)));
    }
    assertThat(noticed).isEmpty();
    assertThat(watch.standings().getFirst().days()).isEqualTo(5);
    assertThat(watch.standings().getFirst().failed()).isZero();

    world.models.says("old", _ -> Said.of("Of course. This is how it is done."));
    watch.close();
    watch = open();
    watch.onDrift(noticed::add);
    int days = 0;
    while (noticed.isEmpty() && days < 10) {
      watch.askDue(NOW.plus(Duration.ofDays(5 + days)));
      days++;
    }

    assertThat(days).isLessThanOrEqualTo(5);
    assertThat(noticed.getFirst().sign()).isEqualTo(Drift.Sign.PROBES);
    assertThat(noticed.getFirst().probes()).contains("nightly");
    assertThat(world.findings.newest().getFirst().kind()).isEqualTo("model-drift");
    assertThat(world.findings.newest().getFirst().summary()).doesNotContain("vendor");
    watch.askDue(NOW.plus(Duration.ofDays(20)));
    assertThat(noticed).hasSize(1);
  }

  @Test
  void probes_are_asked_once_a_period_whoever_looks() {
    watch.askDue(NOW);
    watch.askDue(NOW.plus(Duration.ofHours(3)));
    int once = world.models.asked().size();
    try (var other = open()) {
      other.askDue(NOW.plus(Duration.ofHours(6)));
    }

    assertThat(once).isEqualTo(24);
    assertThat(world.models.asked()).hasSize(24);
  }

  @Test
  @Tag("R116")
  void an_answer_that_names_another_model_is_noticed_and_the_first_one_is_not() {
    watch.look(observed("m-2025-01-01", "fp_1", "default"));
    watch.look(observed("m-2025-01-01", "fp_1", "default"));
    assertThat(noticed).isEmpty();

    watch.look(observed("m-2025-06-01", "fp_1", "default"));
    watch.look(observed("m-2025-06-01", "fp_2", "flex"));

    assertThat(noticed.stream().map(Drift::sign))
        .containsExactly(
            Drift.Sign.MODEL_NAMED, Drift.Sign.SYSTEM_FINGERPRINT, Drift.Sign.SERVICE_TIER);
    assertThat(noticed.getFirst().expected()).isEqualTo("m-2025-01-01");
    assertThat(noticed.getFirst().said()).isEqualTo("m-2025-06-01");
  }

  private static DriftWatch.Observed observed(String named, String backend, String tier) {
    return new DriftWatch.Observed(
        "support", FINGERPRINT, Optional.of(named), Optional.of(backend), Optional.of(tier), NOW);
  }
}
