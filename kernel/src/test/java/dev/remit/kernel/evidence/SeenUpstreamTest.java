package dev.remit.kernel.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.evidence.SeenUpstream.Gap;
import dev.remit.kernel.evidence.SeenUpstream.Listed;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Decisions against calls seen downstream: what was sent and not seen, and what was seen and never
/// decided, each with its cause.
@Tag("R208")
class SeenUpstreamTest {
  private final NodesWorld world = new NodesWorld(new Random(1));
  private final List<String> answered = new ArrayList<>();

  SeenUpstreamTest() {
    // The world's own calls have ids that no gateway mints; they are of another server.
    for (int i = 0; i < 5; i++) {
      answered.add(call("allow", Optional.of("answered")));
    }
  }

  private String call(String decision, Optional<String> outcome) {
    var id = DecisionId.fresh(BundleWorld.TEN).value();
    var log = world.log(answered.size() % 2 == 0 ? "node-a" : "node-b");
    log.add(
        Entry.of(EntryType.CALL_DECIDED, BundleWorld.TEN.plusSeconds(60))
            .with("id", id)
            .with("workflow", "invoices")
            .with("task", "task_1")
            .with("resource", "pay")
            .with("target", "pay/invoice")
            .with("decision", decision));
    outcome.ifPresent(how ->
        log.add(
            Entry.of(EntryType.CALL_ENDED, BundleWorld.TEN.plusSeconds(61))
                .with("of", id)
                .with("outcome", how)));
    return id;
  }

  private SeenUpstream.Report compared(String log, Map<String, Long> counts) {
    world.look();
    var list = Listed.in(Optional.of("pay"), log);
    return new SeenUpstream(List.of(list), counts).compare(BundleParts.of(world.parts()));
  }

  @Test
  void a_log_that_names_every_call_that_was_sent_leaves_no_gap() {
    var log = "GET /x {\"decision\":\"" + String.join("\"}\nPOST /y ", answered) + " 200\n";

    var report = compared(log, Map.of("pay/invoice", 5L));

    assertThat(report.gaps()).isEmpty();
    assertThat(report.sent()).isEqualTo(5);
    assertThat(report.seen()).isEqualTo(5);
  }

  @Test
  void what_was_sent_and_not_seen_is_named_with_its_outcome() {
    var late = call("allow", Optional.of("timeout"));
    var lost = call("modify", Optional.empty());
    var kept = call("allow", Optional.of("replayed"));
    var missing = answered.removeFirst();

    var report = compared(String.join("\n", answered), Map.of());

    assertThat(report.sent()).isEqualTo(7);
    assertThat(report.gaps())
        .containsExactlyInAnyOrder(
            new Gap(missing, "its outcome is `answered`, and its server has not seen it"),
            new Gap(late, "its outcome is `timeout`: it may never have arrived"),
            new Gap(lost, "no outcome is recorded: it may never have been sent"));
    assertThat(report.gaps().toString()).doesNotContain(kept);
  }

  @Test
  void what_was_seen_and_never_let_through_is_named() {
    var denied = call("deny", Optional.empty());
    var stranger = DecisionId.fresh(BundleWorld.TEN).value();

    var report = compared(String.join("\n", answered) + "\n" + denied + "\n" + stranger, Map.of());

    assertThat(report.gaps())
        .contains(new Gap(denied, "it was decided `deny`, and arrived all the same"))
        .anySatisfy(gap -> {
          assertThat(gap.what()).isEqualTo(stranger);
          assertThat(gap.cause()).startsWith("it was seen, and no decision in the bundle");
        });
  }

  @Test
  void a_count_that_differs_is_a_gap_of_its_tool() {
    var report = compared(String.join("\n", answered), Map.of("pay/invoice", 6L));

    assertThat(report.gaps())
        .containsExactly(new Gap("pay/invoice", "5 calls were sent on, and 6 were seen"));
  }
}
