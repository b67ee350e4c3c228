package dev.remit.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.approvals.Answering;
import dev.remit.server.approvals.Approval;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A question to a model that policy holds until a person has agreed.
class HeldQuestionTest {
  private final ModelsWorld world = new ModelsWorld(ModelsWorld.patience(Duration.ofSeconds(2)));

  @BeforeEach
  void policy_holds_every_question() {
    world.declare(
        """
        apiVersion: remit.dev/v1
        kind: Person
        metadata: {name: bea}
        spec: {displayName: Bea, email: bea@example.org, roles: [approver]}
        """);
    world.policy(
        "hold",
        "@hold(\"approver\") forbid (principal, action == Action::\"ask\", resource) unless {"
            + " context.approved };");
  }

  @AfterEach
  void everything_is_on_record() {
    world.close();
  }

  @Test
  void it_is_asked_once_when_somebody_has_agreed_and_the_identical_request_comes_again() {
    var token = world.token();
    var told = world.chat(token, "");

    agree(true);
    var other = world.chat(token, ",\"temperature\":1");
    var answered = world.chat(token, "");
    var again = world.chat(token, "");

    assertThat(told.statusCode()).isEqualTo(409);
    assertThat(ModelsWorld.reason(other))
        .as("nobody has agreed to that")
        .isEqualTo("awaiting-approval");
    assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
    assertThat(answered.body()).contains("Hello.");
    assertThat(again.statusCode()).as("an answer is not kept").isIn(403, 409);
    assertThat(world.provider.seen).hasSize(1);
    var released = world.entries("call.decided").getLast();
    assertThat(
            world.entries("call.decided").stream()
                .filter(entry -> entry.has("approval"))
                .map(entry -> entry.path("decision").asString()))
        .containsExactly("allow");
    assertThat(released.path("tokens").asLong()).isPositive();
  }

  @Test
  void an_answer_streams_to_a_request_that_has_waited_for_it() {
    var token = world.token();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting =
          CompletableFuture.supplyAsync(() -> world.chat(token, ",\"stream\":true"), threads);
      await().until(() -> !world.approvals.list(true).isEmpty());

      agree(true);
      var answer = waiting.join();
      // It may have been told to come back just before.
      var released = answer.statusCode() == 409 ? world.chat(token, ",\"stream\":true") : answer;

      assertThat(released.statusCode()).as(released.body()).isEqualTo(200);
      assertThat(released.body()).contains("Hello.").endsWith("data: [DONE]\n\n");
    }
    assertThat(world.provider.seen).hasSize(1);
  }

  @Test
  void what_nobody_agreed_to_is_never_asked_and_costs_nothing() {
    world.declare(world.grant("callsPerTask: 100, tokensPerTask: 60"));
    var token = world.token();
    var told = world.chat(token, ",\"max_tokens\":4");

    agree(false);
    var again = world.chat(token, ",\"max_tokens\":4");

    assertThat(told.statusCode()).as(told.body()).isEqualTo(409);
    assertThat(ModelsWorld.reason(again))
        .as("people are asked anew")
        .isEqualTo("awaiting-approval");
    assertThat(world.provider.seen).isEmpty();
    for (int i = 0; i < 5; i++) {
      assertThat(ModelsWorld.reason(world.chat(token, ",\"max_tokens\":5")))
          .as("what waits or was declined holds no part of the budget for good")
          .isEqualTo("awaiting-approval");
    }
  }

  @Test
  void what_was_agreed_to_is_not_asked_of_a_model_that_has_changed_since() {
    var token = world.token();
    var _ = world.chat(token, "");
    agree(true);

    world.bindings =
        (_, _, _) -> new Bindings.Bound.Refused("chg_1", "model-suspended", "it changed", "wait");
    var answer = world.chat(token, "");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(ModelsWorld.reason(answer)).isEqualTo("model-suspended");
    assertThat(world.provider.seen).isEmpty();
  }

  private void agree(boolean agrees) {
    Approval waiting = world.approvals.list(true).getFirst();
    var settled =
        world.approvals.answer(
            waiting.id(),
            new PersonName("bea"),
            Set.of(Role.APPROVER),
            Answering.once(agrees, "looked at it"),
            Instant.now());
    assertThat(settled)
        .get()
        .isInstanceOf(
            agrees ? Approval.Settlement.Granted.class : Approval.Settlement.Declined.class);
  }
}
