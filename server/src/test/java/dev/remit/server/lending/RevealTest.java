package dev.remit.server.lending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.store.CommitFaults.Fault;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A secret that is shown as a value: once, to one task, and never unnoticed.
@Tag("R71")
class RevealTest {
  private static final String VALUE = "the licence key itself";

  @Test
  void a_link_shows_the_secret_once_and_somebody_hears_of_it() {
    try (var world = world()) {
      var token = world.tokenFor("crm");
      var link = link(ask(world, token));

      var first = world.post(link, token, "");
      var second = world.post(link, token, "");

      assertThat(LendingWorld.json(first).path("value").asString()).isEqualTo(VALUE);
      assertThat(first.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(LendingWorld.slug(second)).isEqualTo("link-gone");
      assertThat(world.entries("secret.offered")).hasSize(1);
      assertThat(world.entries("secret.revealed"))
          .singleElement()
          .satisfies(entry ->
              assertThat(entry.path("task").asString("")).isEqualTo(LendingWorld.task(token)));
      assertThat(world.findings.newest())
          .singleElement()
          .satisfies(finding -> assertThat(finding.kind()).isEqualTo("secret-revealed"));
      assertThat(everything(world)).doesNotContain(VALUE, link.split("/", -1)[3]);
    }
  }

  @Test
  void of_many_who_open_it_at_once_one_sees_it() throws Exception {
    try (var world = world();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var token = world.tokenFor("crm");
      var link = link(ask(world, token));

      var answers = new ArrayList<Future<HttpResponse<String>>>();
      for (int i = 0; i < 16; i++) {
        Callable<HttpResponse<String>> open = () -> world.post(link, token, "");
        answers.add(threads.submit(open));
      }

      int shown = 0;
      for (var answer : answers) {
        shown += answer.get().body().contains(VALUE) ? 1 : 0;
      }
      assertThat(shown).isEqualTo(1);
    }
  }

  @Test
  void another_task_of_the_same_identity_does_not_see_it() {
    try (var world = world()) {
      var link = link(ask(world, world.tokenFor("crm")));

      var other = world.post(link, world.tokenFor("crm"), "");

      assertThat(LendingWorld.slug(other)).isEqualTo("link-gone");
      assertThat(world.entries("secret.revealed")).isEmpty();
    }
  }

  @Test
  void a_link_runs_out() {
    var q = LendingWorld.QUICK;
    var atOnce =
        new LendingConfig(
            q.perTaskMax(),
            q.lifetimeMax(),
            q.within(),
            q.stuckAfter(),
            q.sweepEvery(),
            q.revocationsAtOnce(),
            q.connectionsMax(),
            q.completionWait(),
            Duration.ZERO);
    try (var world = world(new LendingWorld(atOnce))) {
      var token = world.tokenFor("crm");

      var late = world.post(link(ask(world, token)), token, "");

      assertThat(LendingWorld.slug(late)).isEqualTo("link-gone");
    }
  }

  @Test
  @Tag("R68")
  void a_link_is_worth_nothing_after_its_task_or_once_its_identity_is_suspended() {
    try (var world = world()) {
      var ended = world.tokenFor("crm");
      var one = link(ask(world, ended));
      var suspended = world.tokenFor("crm");
      var other = link(ask(world, suspended));

      world.post("/v1/tasks/" + LendingWorld.task(ended) + "/complete", ended, "");
      world.suspend();

      assertThat(world.post(one, ended, "").statusCode()).isIn(401, 403, 404);
      assertThat(world.post(other, suspended, "").statusCode()).isIn(401, 403, 404);
      assertThat(world.entries("secret.revealed")).isEmpty();
    }
  }

  @Test
  void what_is_no_longer_declared_is_not_shown() {
    try (var world = world()) {
      var token = world.tokenFor("crm");
      var link = link(ask(world, token));

      world.declare(resource("licence: {secret: another}"));

      assertThat(LendingWorld.slug(world.post(link, token, ""))).isEqualTo("link-gone");
    }
  }

  @Test
  void a_secret_that_cannot_be_had_leaves_the_link_good() {
    try (var world = world()) {
      var token = world.tokenFor("crm");
      var link = link(ask(world, token));
      var name = new SecretName("crm.licence");
      world.secrets.delete(name, new PersonName("admin"), Instant.now());

      var away = world.post(link, token, "");
      store(world);
      var there = world.post(link, token, "");

      assertThat(LendingWorld.slug(away)).isEqualTo("secret-unavailable");
      assertThat(there.body()).contains(VALUE);
    }
  }

  @Test
  @Tag("R60")
  void without_a_grant_or_against_policy_there_is_no_link() {
    try (var world = world()) {
      var token = world.tokenFor("crm");

      var ungranted = ask(world, token, "other");
      var unknown = ask(world, token, "nothing");
      world.policy = _ -> new Decision.Deny(List.of(), List.of(), List.of());
      var denied = ask(world, token);

      assertThat(LendingWorld.slug(ungranted)).isEqualTo("not-granted");
      assertThat(unknown.statusCode()).isEqualTo(404);
      assertThat(denied.statusCode()).isEqualTo(403);
      assertThat(world.entries("secret.offered")).isEmpty();
    }
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it.
  @ParameterizedTest
  @EnumSource
  void nobody_sees_a_secret_whose_showing_is_not_on_record(Fault fault) {
    try (var world = world()) {
      var token = world.tokenFor("crm");
      var link = link(ask(world, token));
      world.faults.fail(fault, "SELECT 1 FROM secret_link WHERE opened_at IS NOT NULL");

      var first = world.post(link, token, "");
      var second = world.post(link, token, "");

      long shown =
          List.of(first, second).stream().filter(one -> one.body().contains(VALUE)).count();
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> world.entries("secret.revealed").size() == 1);
      assertThat(world.faults.hasFailed()).isTrue();
      assertThat(shown).isLessThanOrEqualTo(1);
      assertThat(world.findings.newest()).hasSize((int) shown);
    }
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it.
  @ParameterizedTest
  @EnumSource
  void a_link_is_handed_out_only_with_its_entry(Fault fault) {
    try (var world = world()) {
      world.faults.fail(fault, "SELECT 1 FROM secret_link");

      var asked = ask(world, world.tokenFor("crm"));

      assertThat(world.faults.hasFailed()).isTrue();
      boolean got = asked.statusCode() == 201;
      assertThat(world.stored("SELECT id AS text FROM secret_link"))
          .hasSameSizeAs(world.entries("secret.offered"));
      assertThat(got).isEqualTo(fault == Fault.STORED);
    }
  }

  private static LendingWorld world() {
    return world(new LendingWorld());
  }

  private static LendingWorld world(LendingWorld world) {
    store(world);
    world.declare(resource("licence: {secret: crm.licence}, other: {secret: crm.licence}"));
    return world;
  }

  private static void store(LendingWorld world) {
    world.secrets.put(
        new SecretName("crm.licence"),
        new SecretValue(VALUE),
        false,
        new PersonName("admin"),
        Instant.now());
  }

  private static String resource(String reveals) {
    return """
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: crm}
    spec:
      type: mcp
      environment: test
      upstream: {http: {url: "http://127.0.0.1:1/mcp", reveals: {%s}}}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: invoice-agent-crm}
    spec:
      identity: invoice-agent
      resource: crm
      profiles: [licence]
      dataClasses: [internal]
      approvedBy: admin
      expires: %s
    """
        .formatted(reveals, LendingWorld.in60Days());
  }

  private static HttpResponse<String> ask(LendingWorld world, String token) {
    return ask(world, token, "licence");
  }

  private static HttpResponse<String> ask(LendingWorld world, String token, String profile) {
    return world.post(
        "/v1/credentials", token, "{\"resource\":\"crm\",\"profile\":\"" + profile + "\"}");
  }

  private static String link(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return LendingWorld.json(answer).path("link").asString();
  }

  private static String everything(LendingWorld world) {
    return world.stored("SELECT convert_from(bytes, 'UTF8') AS text FROM ledger_entry").toString()
        + world.stored("SELECT secret_link::text AS text FROM secret_link")
        + world.stored("SELECT finding::text AS text FROM finding");
  }
}
