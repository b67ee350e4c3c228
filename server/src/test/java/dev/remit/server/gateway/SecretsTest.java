package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.CanaryId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Obligation;
import dev.remit.kernel.policy.Obligations;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.inspection.Canaries;
import dev.remit.server.inspection.Canary;
import dev.remit.server.inspection.Flow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Secrets and canaries in what agents send and get.
@Tag("R98")
@Tag("R153")
class SecretsTest {
  /// What the world stores as the upstream's credential.
  private static final String KEPT = "the real credential";

  private static final List<PolicyId> PERMIT = List.of(new PolicyId("permit"));

  private final GatewayWorld world = new GatewayWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private Canaries.Planting.Done plant() {
    return (Canaries.Planting.Done)
        world.canaries.plant(
            Canary.Subject.WORKFLOW,
            "invoices",
            new PersonName("anna"),
            "the note at the end of invoice 4711",
            Optional.empty(),
            new PersonName("admin"),
            Instant.now());
  }

  private static String text(String text) {
    return "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\""
        + text
        + "\"}],\"isError\":false}}";
  }

  private void answers(String body) {
    world.upstream.on("tools/call", (exchange, _) -> TestUpstream.json(exchange, body));
  }

  private long toolCalls() {
    return world.upstream.seen.stream().filter(one -> one.body().contains("tools/call")).count();
  }

  private static Decision redacted() {
    return new Decision.Modify(
        PERMIT,
        new Obligations(List.of(), List.of(new Obligation.Redact("secrets")), Set.of()),
        List.of());
  }

  @Test
  void policy_sees_a_canary_in_the_arguments_and_refuses_the_call_before_it_is_sent() {
    var planted = plant();
    world.policy.rule =
        question ->
            question.facts().secrets().canaries() > 0 ? RuledDecisions.DENY : RuledDecisions.ALLOW;
    var token = world.token();
    long sent = toolCalls();

    for (var hidden : List.of(planted.value(), base64("so: " + planted.value()))) {
      var answer = world.call(token, "read_file", "{\"path\":\"" + hidden + "\"}");

      assertThat(GatewayWorld.reason(answer)).isEqualTo("denied-by-policy");
      assertThat(answer.body()).doesNotContain(planted.value());
    }

    assertThat(toolCalls()).isEqualTo(sent);
    var decided = world.entries("call.decided").getLast();
    assertThat(decided.path("secrets").toString()).isEqualTo("[\"canary\"]");
    var task = new TaskId(decided.path("task").asString());
    var seen = world.inspection.sightings().seen(task, Instant.EPOCH);
    assertThat(seen).hasSize(2);
    assertThat(seen.getFirst().canary()).isEqualTo(planted.canary().id());
    assertThat(seen.getFirst().in().flow()).isEqualTo(Flow.ARGUMENTS);
    assertThat(world.inspection.sightings().seen(new IdentityName("invoice-agent"), Instant.now()))
        .isEmpty();
    var finding = world.entries("finding.raised").getLast();
    assertThat(finding.path("kind").asString()).isEqualTo("canary-carried");
    assertThat(finding.path("severity").asString()).isEqualTo("high");
    assertThat(finding.toString())
        .contains("files/read_file", "invoice-agent", "anna")
        .doesNotContain(planted.value());
  }

  @Test
  void a_canary_that_is_read_passes_and_is_noted_and_a_retired_one_is_not_named() {
    var planted = plant();
    answers(text("4711: " + planted.value()));
    var token = world.token();

    var answer = world.call(token, "read_file", "{\"path\":\"a\"}");

    assertThat(answer.body()).contains(planted.value());
    var ended = world.ended(GatewayWorld.decision(answer));
    assertThat(ended.path("secrets").toString()).isEqualTo("[\"canary\"]");
    assertThat(ended.has("redacted")).isFalse();
    assertThat(world.inspection.sightings().seen(planted.canary().id()))
        .extracting(seen -> seen.in().flow())
        .containsExactly(Flow.RESULT);

    world.canaries.retire(
        planted.canary().id(), "the test is over", new PersonName("admin"), Instant.now());
    world.call(token, "read_file", "{\"path\":\"a\"}");

    assertThat(world.inspection.sightings().seen(planted.canary().id())).hasSize(1);
  }

  @Test
  void a_secret_that_remit_keeps_never_reaches_an_agent_whatever_policy_says() {
    var token = world.token();
    for (var hidden : List.of(KEPT, base64("key: " + KEPT))) {
      answers(text("I was called with " + hidden + " just now"));

      var answer = world.call(token, "read_file", "{\"path\":\"a\"}");

      assertThat(answer.body())
          .doesNotContain(hidden)
          .contains("I was called with ")
          .contains(" just now");
      if (hidden.equals(KEPT)) {
        continue; // a server that says its own credential as it is has been muted before
      }
      assertThat(answer.body()).contains("I was called with [redacted] just now");
      var ended = world.ended(GatewayWorld.decision(answer));
      assertThat(ended.path("secrets").toString()).isEqualTo("[\"stored\"]");
      assertThat(ended.path("redacted").intValue()).isEqualTo(1);
    }
    answers(
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[],\"_meta\":{\""
            + KEPT
            + "\":1}}}");
    assertThat(world.call(token, "read_file", "{\"path\":\"a\"}").body()).doesNotContain(KEPT);
    assertThat(world.entries("finding.raised").toString())
        .contains("upstream-key")
        .doesNotContain(KEPT);
  }

  @Test
  void under_redact_secrets_every_kind_is_cut_out_of_text_and_the_rest_stays() {
    var planted = plant();
    world.policy.rule = _ -> redacted();
    answers(text("db: postgresql://app:s3cr3t-Word@db/x\\nnote: " + planted.value() + "; paid: 7"));
    var answer = world.call(world.token(), "read_file", "{\"path\":\"a\"}");

    assertThat(answer.body())
        .containsPattern("app:\\[redacted]@db/x\\\\(n|u000a)note: \\[redacted]; paid: 7");
    var ended = world.ended(GatewayWorld.decision(answer));
    assertThat(ended.path("secrets").toString()).isEqualTo("[\"canary\",\"connection-string\"]");
    assertThat(ended.path("passed").asString()).startsWith("sha256:");
  }

  @Test
  @Tag("R193")
  void the_course_of_a_task_tells_its_calls_and_no_other_with_what_was_seen_in_them() {
    var planted = plant();
    answers(text("4711: " + planted.value()));
    var token = world.token();
    world.call(token, "read_file", "{\"path\":\"a\"}");
    var last = world.call(token, "read_file", "{\"path\":\"b\"}");
    world.call(world.token(), "read_file", "{\"path\":\"c\"}");
    world.ended(GatewayWorld.decision(last));
    var decided = world.entries("call.decided");
    var task = new TaskId(decided.getFirst().path("task").asString());

    var calls =
        world.course(task).steps().stream()
            .filter(step -> step.doing().action().equals("call"))
            .toList();

    assertThat(calls).hasSize(2);
    assertThat(calls)
        .allSatisfy(step -> {
          assertThat(step.doing().target()).isEqualTo("files/read_file");
          assertThat(step.doing().secrets()).containsExactly("canary");
          assertThat(step.doing().ended().orElseThrow().outcome()).isEqualTo("answered");
        });
  }

  @Test
  void an_answer_without_secrets_is_passed_byte_for_byte() {
    var odd = text("a\\u0062c \\/ 1.50");
    answers(odd);

    assertThat(world.call(world.token(), "read_file", "{\"path\":\"a\"}").body()).isEqualTo(odd);
  }

  @Test
  void a_canary_of_somebody_else_can_be_declared_and_its_sightings_are_asked_by_its_id() {
    var declared =
        (Canaries.Planting.Done)
            world.canaries.plant(
                Canary.Subject.RESOURCE,
                "files",
                new PersonName("anna"),
                "the test data of the auditors",
                Optional.of("Blaubeerkuchen um Mitternacht"),
                new PersonName("admin"),
                Instant.now());
    world.call(world.token(), "read_file", "{\"path\":\"Blaubeerkuchen um Mitternacht\"}");

    CanaryId id = declared.canary().id();
    assertThat(world.inspection.sightings().seen(id)).hasSize(1);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
