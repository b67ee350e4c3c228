package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Findings;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The sampled check of live decisions, with an evaluator that goes wrong after it has passed.
@Tag("R99")
class SecondOpinionsTest {
  private static final String ALL = "permit (principal, action, resource);";
  private static final String GUARD =
      "forbid (principal, action == Action::\"bank/pay\", resource);";

  private volatile boolean wrong;
  private final List<Disagreement> told = new CopyOnWriteArrayList<>();
  private final DecisionsWorld world =
      new DecisionsWorld(
          DecisionEngine.COMPILED,
          (policies, request, entities) -> {
            var right = policies.evaluate(request, entities);
            return wrong
                ? new Findings(
                    right.answers().stream()
                        .filter(answer -> answer.policy().id().value().equals("p0"))
                        .toList())
                : right;
          },
          PastDecisions.NONE,
          PassedGates.NONE,
          1);

  @AfterEach
  void close() {
    world.decisions.close();
  }

  @Test
  void an_engine_that_goes_wrong_in_production_is_noticed_by_the_other_one() {
    world.decisions.onDisagreement(told::add);
    world.activate(ALL, GUARD);
    world.call("bank/pay", "{'amount':5}");
    await().until(() -> world.decisions.secondOpinions().compared() == 1);
    assertThat(told).isEmpty();
    wrong = true;

    var decided = world.call("bank/pay", "{'amount':7}");

    assertThat(decided.decision()).isInstanceOf(Decision.Allow.class);
    await().until(() -> !told.isEmpty());
    assertThat(told.getFirst().decided()).startsWith("allow because of [p0]");
    assertThat(told.getFirst().otherwise()).startsWith("deny because of [p1]");
    assertThat(told.getFirst().policies()).isEqualTo(decided.policies());
    assertThat(world.decisions.secondOpinions().different()).isEqualTo(1);
  }

  @Test
  void a_call_never_waits_and_what_does_not_fit_is_counted() throws InterruptedException {
    var let = new CountDownLatch(1);
    world.decisions.onDisagreement(_ -> {
      try {
        let.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    world.activate(ALL, GUARD);
    wrong = true;

    for (int i = 0; i < 50; i++) {
      world.call("bank/pay", "{'amount':5}");
    }

    assertThat(world.decisions.secondOpinions().dropped()).isGreaterThanOrEqualTo(40);
    let.countDown();
  }

  @Test
  void what_the_other_engine_cannot_be_asked_is_counted_and_no_difference() {
    world.decisions.onDisagreement(told::add);
    world.activate(ALL, GUARD);

    world.call("bank/pay", "{'amount':5.000001}");

    await().until(() -> world.decisions.secondOpinions().incomparable() == 1);
    assertThat(told).isEmpty();
  }
}
