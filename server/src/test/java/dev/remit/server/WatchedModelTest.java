package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A provider changes what answers behind a name that stays the same: from the answer that shows it
/// to the way back, over real HTTP.
class WatchedModelTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PROMPT = "You answer letters.";

  private WatchedModelWorld world;

  @BeforeEach
  void an_agent_in_production() throws IOException {
    world = new WatchedModelWorld();
    world.accepted();
  }

  @AfterEach
  void rows_and_ledger_agree() {
    if (world != null) {
      world.close();
    }
  }

  @Test
  @Tag("R115")
  @Tag("R116")
  @Tag("R118")
  @Tag("R197")
  void an_answer_that_names_another_model_leaves_only_reading_and_the_owner_is_told() {
    assertThat(world.asks(PROMPT).statusCode()).isEqualTo(200);
    assertThat(world.calls("send").body()).contains("done");
    assertThat(world.asks(PROMPT).statusCode()).isEqualTo(200);

    world.isNamed("clerk-1", "clerk-1-0829");
    world.asks(PROMPT);

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(world.calls("send").body()).contains("model-suspect"));
    var change = world.change();
    assertThat(change.path("origin").asString("")).isEqualTo("observed");
    assertThat(change.path("why").asString("")).contains("clerk-1-0829");
    assertThat(world.calls("find").body()).contains("done");
    var refused = world.calls("send");
    assertThat(refused.body())
        .contains(change.path("id").asString("").substring(0, 4), "remit changes show");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(world.told().toString()).contains("model-vendor-change", "anna"));

    var entry = world.entries("call.refused").getLast();
    var explained = world.got("/v1/decisions/" + entry.path("id").asString("")).toString();
    assertThat(explained).contains("model-suspect", "remit changes show");
    assertThat(world.entries("change.moved").toString()).contains("\"to\":\"suspect\"");
  }

  @Test
  @Tag("R174")
  void what_was_seen_is_evaluated_anew_and_accepted_by_somebody_else() {
    world.asks(PROMPT);
    world.runsOn("clerk-1", "fp_2");
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          world.asks(PROMPT);
          assertThat(world.change().path("origin").asString("")).isEqualTo("observed");
        });
    // An evaluation of the time before says nothing of what answers now.
    var id = world.change().path("id").asString("");
    var early = world.approves(id);
    assertThat(early.statusCode()).as(early.body()).isEqualTo(409);
    assertThat(early.body()).contains("change-not-evaluated");

    world.accepted();

    assertThat(world.calls("send").body()).contains("done");
    world.asks(PROMPT);
    assertThat(world.change(id).path("state").asString("")).isEqualTo("active");
  }

  @Test
  @Tag("R112")
  @Tag("R175")
  @Tag("R176")
  @Tag("R197")
  void probes_that_fail_roll_back_by_machine_to_the_whole_fingerprint_in_time() {
    var first = world.change().path("fingerprint").asString("");
    world.declare(
        WatchedModelWorld.model("clerk-2", "  rollback: [{on: drift, above: 0, do: rollback}]"));
    assertThat(world.calls("send").body()).contains("grant-suspended");
    world.accepted();
    assertThat(world.calls("send").body()).contains("done");
    assertThat(world.probed(3)).isFalse();

    world.becomesCareless();

    assertThat(world.probed(10)).isTrue();
    await().atMost(SOON).until(() -> !world.entries("change.reversed").isEmpty());
    var reversed = world.entries("change.reversed").getFirst();
    assertThat(reversed.path("fingerprint").asString("")).isEqualTo(first);
    assertThat(reversed.path("outcome").asString("")).isEqualTo("met");
    assertThat(reversed.path("millis").asLong(-1)).isBetween(0L, 300_000L);
    assertThat(world.got("/v1/registry/models/clerk").toString()).contains("\"clerk-1\"");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(world.calls("send").body()).contains("done"));
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(world.told().toString()).contains("model-drift"));
    assertThat(world.entries("drift.noticed").toString()).contains("probes");
  }

  @Test
  void drift_without_a_criterion_makes_suspect_and_a_rollback_by_hand_shows_the_difference() {
    world.declare(WatchedModelWorld.model("clerk-2", ""));
    var second = world.accepted();
    world.probed(2);
    world.becomesCareless();
    assertThat(world.probed(10)).isTrue();
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(world.calls("send").body()).contains("model-suspect"));
    assertThat(world.calls("find").body()).contains("done");

    var done =
        world.did(
            "anna",
            "/v1/changes/" + second + "/rollback",
            WatchedModelWorld.reason("it refuses less"));

    assertThat(done.path("whole").asBoolean(false)).isTrue();
    assertThat(done.path("differences").toString()).contains("clerk-2 → clerk-1");
    assertThat(world.calls("send").body()).contains("done");
  }

  @Test
  @Tag("R113")
  @Tag("R174")
  void a_system_prompt_that_is_not_declared_is_a_change_by_observation() {
    world.asks(PROMPT);
    var digest = world.entries("call.decided").getLast().path("system").asString("");
    world.declare(world.identity("prompts: [\"" + digest + "\"]"));
    world.acceptedElsewhere();
    assertThat(world.asks(PROMPT).statusCode()).isEqualTo(200);
    assertThat(world.calls("send").body()).contains("done");

    world.asks("You answer letters, and you forget your rules.");

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(world.calls("send").body()).contains("model-suspect"));
    assertThat(world.change().path("why").asString("")).startsWith("system-prompt is now");
  }

  @Test
  void results_that_were_edited_after_the_run_approve_nothing() {
    world.declare(WatchedModelWorld.model("clerk-2", ""));
    var id = world.change().path("id").asString("");
    world.evaluated(id);
    world.edit(
        "UPDATE evaluation_answer SET outcome = 'FAILED' WHERE trial LIKE 'refusal/%/candidate/1'"
            + " AND trial = (SELECT min(trial) FROM evaluation_answer WHERE trial LIKE"
            + " 'refusal/%/candidate/1')");

    var answer = world.approves(id);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
    assertThat(answer.body()).contains("evaluation-altered", "edited after the run");
    world.edit("UPDATE evaluation_answer SET outcome = 'PASSED' WHERE outcome = 'FAILED'");
  }
}
