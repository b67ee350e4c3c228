package dev.remit.conformance.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Elsewhere;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pilot is refused, mended by the next steps that are printed, promoted by two people, proved to
/// a stranger, and demoted when its proofs are too old: with the command, against a server.
class PromotedPilotTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private static Path folder;

  private static FastUpstream upstream;
  private static RemitProcess remit;
  private static Workload workload;
  private static Cli admin;
  private static Cli anna;
  private static Cli ben;
  private static Cli cleo;

  @BeforeAll
  static void a_pilot_as_people_begin() throws IOException {
    folder.toFile().setExecutable(true, false);
    upstream = FastUpstream.start();
    var config = folder.resolve("remit.yaml");
    Files.writeString(
        config,
        """
        promotion: {provenWithin: 40s, grace: 1s, sweepEvery: 1s}
        """);
    remit = RemitProcess.start(folder.resolve("data"), "--config", config.toString());
    var operator = remit.admin();
    admin = Cli.of(folder, remit.address(), operator.token());
    workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    operator.apply(people() + manifests().replace("approvedBy: ben", "approvedBy: admin"));
    anna = admin.as(operator.person("anna").token());
    ben = admin.as(operator.person("ben").token());
    cleo = admin.as(operator.person("cleo").token());
  }

  @AfterAll
  static void stop() {
    remit.close();
    upstream.close();
  }

  @Test
  @Tag("R32")
  @Tag("R33")
  @Tag("R34")
  @Tag("R41")
  @Tag("R43")
  @Tag("R46")
  @Tag("R48")
  @Tag("R51")
  void a_pilot_is_refused_mended_promoted_proved_and_demoted() {
    var refused = anna.run("promote", "request", "bench", "--reason", "it is ready");
    assertThat(refused.status()).as(refused.output()).isNotZero();
    assertThat(refused.output())
        .contains("ownership", "a sponsor who is here")
        .contains("permissions-approved", "nobody else has approved grant `bench-grant`")
        .contains("model-safety", "next: `remit changes evaluate chg_")
        .contains("Access governance: unmet", "Model safety:      unmet")
        .contains("next: `remit promote exercise bench`")
        .contains("next: `remit drill run --workflow bench`");
    assertThat(admin.run("get", "workflows", "-o", "json").output()).contains("\"pilot\"");

    remit.admin().apply(manifests().replace("owner: anna", "owner: anna\n  sponsor: sven"));
    Elsewhere.passed(remit.admin().person("cleo"));
    works();
    var exercised = cleo.run("promote", "exercise", "bench");
    assertThat(exercised.status()).as(exercised.output() + remit.log()).isZero();
    assertThat(exercised.output()).contains("an alarm was raised after");
    await().atMost(PATIENCE).until(() -> anna.run("promote", "gate", "bench").status() == 0);

    var asked = anna.run("promote", "request", "bench", "--reason", "it is ready");
    assertThat(asked.status()).as(asked.output()).isZero();
    var id = asked.output().replaceFirst("(?s).*(prm_\\w+).*", "$1");
    assertThat(cleo.run("promote", "approve", id, "--reason", "I have looked").output())
        .contains("bench is in production");
    assertThat(anna.run("promote").output()).contains("agreed", "cleo");
    proved();

    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(admin.run("get", "workflows", "-o", "json").output()).contains("\"pilot\""));
    assertThat(anna.run("findings").output()).contains("proof-decayed");
    assertThat(ben.run("promote", "gate", "bench").output()).contains("more than 40 s ago");
  }

  private static void works() {
    var token = workload.start(remit.address(), "fast", "measure", List.of());
    var answered =
        new ModernAgent(remit.address(), "fast").call(token.value(), "echo", "{\"n\":1}");
    assertThat(answered.statusCode()).isEqualTo(200);
    var ended = admin.run("task", "complete", token.task());
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  /// To somebody who has the bundle and the log's keys, and no server.
  private static void proved() {
    var made = admin.run("evidence", "export", "--workflow", "bench", "--file", "proof.zip");
    assertThat(made.status()).as(made.output() + remit.log()).isZero();
    var stranger = Cli.of(folder, URI.create("http://127.0.0.1:1"), "none");

    var verified = stranger.run("verify", "proof.zip", "--gate");

    assertThat(verified.status()).as(verified.output()).isZero();
    assertThat(verified.output())
        .contains("14 items come to the same again, 0 do not")
        .contains("the gate comes to the same");
  }

  private static String manifests() {
    return BenchManifests.text(workload, upstream.url())
            .replace("owner: admin", "owner: anna")
            .replace("approvedBy: admin", "approvedBy: ben")
            .replace("autonomy: acts-alone", "autonomy: acts-alone\n  model: clerk")
        + """
        ---
        apiVersion: remit.dev/v1
        kind: Model
        metadata: {name: clerk}
        spec: {provider: example, model: clerk-large, lifecycle: ga, telemetry: [model-version]}
        """;
  }

  private static String people() {
    return """
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: anna}
    spec: {displayName: Anna, email: anna@example.org, roles: [owner]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: sven}
    spec: {displayName: Sven, email: sven@example.org, roles: [owner]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: ben}
    spec: {displayName: Ben, email: ben@example.org, roles: [approver]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: cleo}
    spec: {displayName: Cleo, email: cleo@example.org, roles: [approver, security]}
    ---
    """;
  }
}
