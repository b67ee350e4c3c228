package dev.remit.kernel.evidence;

import static dev.remit.kernel.evidence.BundleWorld.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A bundle over the logs of several nodes verifies, says that these are all logs that there were,
/// and nothing that is done to one of them goes unnoticed.
@Tag("R203")
@Tag("R207")
@Tag("R208")
class NodesBundleTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final NodesWorld world = new NodesWorld(random);

  @RepeatedTest(20)
  void an_untouched_bundle_holds_and_says_that_these_are_all_logs() {
    var report = world.audit(world.parts());

    assertThat(report.damages()).as("seed %d", seed).isEmpty();
    assertThat(report.holds()).isTrue();
    assertThat(report.proved())
        .anySatisfy(one ->
            assertThat(one).startsWith("3 logs are all that the root log knew at 2026-11-21T10:01"))
        .anySatisfy(one -> assertThat(one).startsWith("`node-b`: the checkpoint is signed by"));
  }

  @Test
  void what_one_node_began_and_another_ended_is_no_gap() {
    var report = world.audit(world.parts());

    assertThat(report.figure()).isEqualTo(10_000);
    assertThat(report.gaps()).isZero();
  }

  @Test
  void a_node_that_was_started_again_interrupts_its_own_calls_only() {
    world.log("node-a").add(world.decided("dec_lost"));
    world.log("node-b").add(world.decided("dec_late"));
    world.log("node-a").restart(false);
    world.look();

    var parts = world.parts();

    assertThat(world.audit(parts).damages()).as("seed %d", seed).isEmpty();
    assertThat(text(parts, BundleParts.ANSWER))
        .containsPattern(
            "entry node-a \\d+, call dec_lost: the recorder stopped before its outcome was known")
        .containsPattern(
            "entry node-b \\d+, call dec_late: no outcome was recorded before the export");
  }

  @Test
  void a_call_is_traced_whichever_node_let_it_through() {
    var parts = BundleParts.of(world.parts());
    var decision =
        NodesWorld.recorded(world.log("node-b")).stream()
            .filter(entry -> entry.id().isPresent())
            .findFirst()
            .orElseThrow();

    var byId = Trace.in(parts, decision.id().orElseThrow()).orElseThrow();
    var byPlace = Trace.in(parts, "node-b/" + decision.index()).orElseThrow();

    assertThat(byId).isEqualTo(byPlace);
    assertThat(byId.subject().node()).isEqualTo("node-b");
    assertThat(byId.subject().entry()).hasValue(decision.index());
    assertThat(byId.after()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void nothing_that_can_be_done_to_it_goes_unnoticed(NodesTampering tampering) {
    for (int i = 0; i < 20; i++) {
      var fresh = new NodesWorld(random);
      var keys = fresh.keys();

      var parts = tampering.of(fresh, random);

      assertThat(BundleAudit.of(BundleParts.of(parts), keys).holds())
          .as("%s, seed %d", tampering, seed)
          .isFalse();
    }
  }

  @Test
  void a_log_that_is_left_out_is_named() {
    var parts = NodesTampering.LOG_LEFT_OUT.of(world, random);

    assertThat(String.join("\n", world.audit(parts).damages()))
        .containsPattern("the root log has seen `nodes.test/node-[abc]`, of which nothing is here")
        .contains("the logs are not those that the root log knew");
  }

  @Test
  void a_log_that_its_own_node_has_rewritten_is_named() {
    var parts = NodesTampering.LOG_REWRITTEN.of(world, random);

    assertThat(world.audit(parts).damages())
        .contains("`node-b`: the checkpoint is not the one that the root log saw");
  }

  @Test
  void an_older_look_of_the_root_log_is_not_taken_for_its_last() {
    var parts = NodesTampering.OLDER_LOOK.of(world, random);

    assertThat(String.join("\n", world.audit(parts).damages())).contains("are not all there");
  }
}
