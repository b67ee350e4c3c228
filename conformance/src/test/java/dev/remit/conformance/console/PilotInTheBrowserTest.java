package dev.remit.conformance.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.browser.Chromium;
import dev.remit.conformance.harness.Elsewhere;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pilot goes into production and comes back, by what people do in pages: `anna` owns it, `cleo`
/// is security and approves, `ben` approves.
class PilotInTheBrowserTest {
  private static final String GATE = "/console/workflows/bench/gate";

  @TempDir private static Path folder;

  private static FastUpstream upstream;
  private static RemitProcess remit;
  private static Chromium browser;
  private static People people;
  private static Workload workload;

  @BeforeAll
  static void a_pilot_as_people_begin() throws IOException {
    folder.toFile().setExecutable(true, false);
    browser =
        Chromium.open(folder.resolve("profile"))
            .orElseGet(() -> abort("skipped: Chromium is not installed"));
    upstream = FastUpstream.start();
    var config =
        Files.writeString(
            folder.resolve("remit.yaml"),
            "promotion: {provenWithin: 75s, grace: 1s, sweepEvery: 1s}\n");
    remit = RemitProcess.start(folder.resolve("data"), "--config", config.toString());
    workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
    remit.admin().apply(declaredPeople() + manifests());
    people = new People(remit, browser);
    List.of("anna", "ben", "cleo").forEach(people::choosePassword);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (remit != null) {
      remit.close();
      upstream.close();
    }
  }

  @Test
  @Tag("R32")
  @Tag("R34")
  @Tag("R41")
  @Tag("R43")
  @Tag("R46")
  @Tag("R51")
  void a_pilot_is_refused_mended_promoted_by_two_and_demoted_when_its_proofs_are_stale() {
    people.open("anna", GATE);
    var refused = people.shown();
    boolean asked =
        browser.evaluate("document.querySelector('[value=promote]') !== null").asBoolean(true);

    remit.admin().apply(manifests().replace("owner: anna", "owner: anna\n  sponsor: sven"));
    Elsewhere.passed(remit.admin().person("cleo"));
    works();
    people.open("cleo", GATE);
    browser.click("[value=exercise]");
    people.awaitShown("How it stands");
    people.reloadUntilShown(GATE, "items are met.");

    people.open("anna", GATE);
    browser.type("reason", "it is ready");
    browser.click("[value=promote]");
    people.awaitShown("You asked for it, so somebody else has to agree");
    people.open("ben", "/console");
    people.awaitShown("that bench be promoted to production");
    people.open(GATE);
    browser.type("reason", "I have looked at what it did");
    browser.click("[value=agree]");
    people.reloadUntilShown(
        "/console/workflows/bench", "Whether it still meets what production asks");
    var promoted = people.shown();

    assertThat(refused)
        .contains("items are not met", "a sponsor who is here", "remit promote exercise bench");
    assertThat(asked).isFalse();
    assertThat(promoted).contains("production");
    // Nothing is tried out again, so its proofs are too old in a while.
    long deadline = System.nanoTime() + 150_000_000_000L;
    do {
      people.open("/console/workflows/bench");
    } while (!people.shows("pilot;") && System.nanoTime() < deadline);
    people.open("/console/findings");
    assertThat(people.shown()).contains("its proofs have decayed");
    people.open(GATE);
    assertThat(people.shown()).contains("more than 75 s ago");
  }

  private static void works() {
    var token = workload.start(remit.address(), "fast", "measure", List.of());
    var answered =
        new ModernAgent(remit.address(), "fast").call(token.value(), "echo", "{\"n\":1}");
    assertThat(answered.statusCode()).isEqualTo(200);
    var admin = remit.admin();
    var ended =
        admin.exchange(
            admin
                .request("/v1/tasks/" + token.task() + "/complete")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(ended.statusCode()).as(ended.body()).isLessThan(300);
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

  private static String declaredPeople() {
    return person("anna", "owner")
        + person("sven", "owner")
        + person("ben", "approver")
        + person("cleo", "approver, security");
  }

  private static String person(String name, String roles) {
    return """
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: %1$s}
    spec: {displayName: %1$s, email: %1$s@example.org, roles: [%2$s]}
    ---
    """
        .formatted(name, roles);
  }
}
