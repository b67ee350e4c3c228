package dev.remit.server.lending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.DrillId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.drills.Drill;
import dev.remit.server.drills.DrillConfig;
import dev.remit.server.gateway.QuietUpstream;
import dev.remit.server.tokens.Party;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A canary through the real paths: its own proof over HTTP, its token at the gateway, a role at a
/// real database, and then somebody says stop.
@Tag("R177")
class DrillTest {
  private static final WorkflowName INVOICES = new WorkflowName("invoices");
  private static final SecretName KEY = new SecretName("canary-key");
  private static final Party CANARY = Party.of(new IdentityName("invoice-agent"));
  private static final Duration LONG = Duration.ofMinutes(1);

  private final LendingWorld world = new LendingWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  @Tag("R204")
  void a_drill_measures_refusal_and_the_end_of_sessions_and_says_so_in_the_ledger() {
    stored(world.privateKey());
    try (var drills = world.drills(config(2, LONG))) {
      var drill = drills.run(Optional.of(INVOICES)).getFirst();

      assertThat(drill.detail()).isEmpty();
      assertThat(drill.outcome()).isEqualTo(Drill.Outcome.MET);
      assertThat(drill.parts().stream().map(part -> part.name() + " " + part.count()))
          .contains("tokens 2", "sessions 2");
      assertThat(drill.parts())
          .allSatisfy(part -> assertThat(part.p50()).isLessThanOrEqualTo(part.max()));
      assertThat(drills.lastFor(INVOICES).map(Drill::id)).contains(drill.id());
    }
    assertThat(world.entries("drill.finished"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("outcome").stringValue()).isEqualTo("met"));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.entries("control.measured").size() == 2);
    assertThat(world.authorization.standings().isSuspended(CANARY)).isFalse();
    assertThat(world.findings.newest()).isEmpty();
  }

  @Test
  @Tag("R204")
  void where_the_server_streams_a_drill_measures_when_its_streams_are_cut() throws IOException {
    stored(world.privateKey());
    try (var upstream = new QuietUpstream();
        var drills = world.drills(config(2, LONG))) {
      upstream.on("subscriptions/listen", (_, out) -> QuietUpstream.stream(out));
      world.declare(
          """
          apiVersion: remit.dev/v1
          kind: Resource
          metadata: {name: files}
          spec: {environment: test, upstream: {http: {url: "%s"}}}
          ---
          apiVersion: remit.dev/v1
          kind: Grant
          metadata: {name: invoice-agent-files}
          spec:
            identity: invoice-agent
            resource: files
            reads: ["file:///*"]
            dataClasses: [internal]
            approvedBy: admin
            expires: %s
          """
              .formatted(upstream.url(), LendingWorld.in60Days()));

      var drill = drills.run(Optional.of(INVOICES)).getFirst();

      assertThat(drill.detail()).isEmpty();
      assertThat(drill.parts().stream().map(part -> part.name() + " " + part.count()))
          .containsExactlyInAnyOrder("tokens 2", "sessions 2", "streams 2");
    }
  }

  @Test
  void on_schedule_a_canary_is_drilled_once_a_period_whichever_node_looks_first() {
    stored(world.privateKey());
    var now = Instant.now();
    try (var one = world.drills(config(1, LONG, Duration.ofDays(1)));
        var other = world.drills(config(1, LONG, Duration.ofDays(1)))) {
      one.runDue(now);
      other.runDue(now.plus(Duration.ofHours(23)));
      assertThat(one.list(Optional.of(INVOICES))).hasSize(1);

      other.runDue(now.plus(Duration.ofHours(25)));
      one.runDue(now.plus(Duration.ofHours(26)));
      assertThat(one.list(Optional.of(INVOICES))).hasSize(2);
    }
  }

  @Test
  void a_drill_that_misses_its_target_is_a_finding() {
    stored(world.privateKey());
    try (var drills = world.drills(config(1, Duration.ofNanos(1)))) {
      var drill = drills.run(Optional.empty()).getFirst();

      assertThat(drill.outcome()).isEqualTo(Drill.Outcome.MISSED);
      assertThat(drill.detail().orElse("")).contains("sessions took up to");
    }
    assertThat(world.findings.newest())
        .anyMatch(finding ->
            finding.kind().equals("drill-missed") && finding.subject().equals("invoices"));
  }

  @Test
  void a_drill_that_cannot_be_carried_through_is_a_finding_that_says_why_and_tells_no_key() {
    try (var drills = world.drills(config(1, LONG))) {
      assertThat(drills.run(Optional.empty()).getFirst().detail().orElse(""))
          .contains("no secret canary-key");
      stored("{\"kty\":\"EC\",\"d\":\"top-secret\"}");
      var drill = drills.run(Optional.empty()).getFirst();

      assertThat(drill.outcome()).isEqualTo(Drill.Outcome.FAILED);
      assertThat(drill.detail().orElse("")).contains("private JWK").doesNotContain("top-secret");
    }
    assertThat(world.findings.newest()).anyMatch(finding -> finding.kind().equals("drill-failed"));
    assertThat(world.entries("drill.finished")).hasSize(2);
  }

  @Test
  @Tag("R170")
  void a_drill_does_not_let_go_on_what_a_person_has_suspended() {
    stored(world.privateKey());
    world.suspend();
    try (var drills = world.drills(config(1, LONG))) {
      assertThat(drills.run(Optional.empty()).getFirst().outcome()).isEqualTo(Drill.Outcome.FAILED);
    }
    assertThat(world.authorization.standings().isSuspended(CANARY)).isTrue();
  }

  @Test
  @Tag("R170")
  void whoever_suspends_a_canary_in_the_middle_of_a_drill_has_the_last_word() {
    var standings = world.authorization.standings();
    var drill = DrillId.fresh(Instant.now());
    assertThat(standings.drill(CANARY, drill, Instant.now())).isTrue();

    var said = standings.suspend(CANARY, new PersonName("anna"), "real", Instant.now());
    standings.endDrill(CANARY, Instant.now());

    assertThat(said.by()).isEqualTo("anna");
    assertThat(standings.isSuspended(CANARY)).isTrue();
  }

  /// A process that dies in a drill leaves its canary suspended.
  @Test
  void the_next_drill_ends_what_one_that_died_has_left_suspended() {
    stored(world.privateKey());
    var drill = DrillId.fresh(Instant.now());
    world.authorization.standings().drill(CANARY, drill, Instant.now());

    try (var drills = world.drills(config(1, LONG))) {
      assertThat(drills.run(Optional.empty()).getFirst().outcome()).isEqualTo(Drill.Outcome.MET);
    }
  }

  @Test
  void without_a_canary_of_the_workflow_nothing_is_rehearsed() {
    stored(world.privateKey());
    try (var drills = world.drills(config(1, LONG))) {
      assertThat(drills.run(Optional.of(new WorkflowName("nothing")))).isEmpty();
    }
    assertThat(world.entries("drill.finished")).isEmpty();
  }

  private void stored(String jwk) {
    world.secrets.put(KEY, new SecretValue(jwk), false, new PersonName("admin"), Instant.now());
  }

  private DrillConfig config(int rounds, Duration target) {
    return config(rounds, target, Duration.ZERO);
  }

  private DrillConfig config(int rounds, Duration target, Duration every) {
    return new DrillConfig(
        List.of(
            new DrillConfig.Canary(
                new IdentityName("invoice-agent"),
                KEY,
                new ResourceName("files"),
                List.of(new DrillConfig.Database(new ResourceName("orders"), "reader")))),
        List.of(world.url),
        every,
        rounds,
        target,
        Duration.ofSeconds(20));
  }
}
