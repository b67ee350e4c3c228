package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.registry.Replayed;
import dev.remit.server.registry.Replayed.Unplayable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R92")
class ReplayTest {
  private static final String ALL = "permit (principal, action, resource);";
  private static final String LARGE =
      "forbid (principal, action == Action::\"bank/pay\", resource)"
          + " when { context.arguments.amount.greaterThan(decimal(\"100.0\")) };";

  private final RecordedWorld recorded = new RecordedWorld();
  private final DecisionsWorld world = recorded.world;

  @AfterEach
  void close() {
    recorded.close();
  }

  private Replayed replay(int newest, String... cedar) {
    return world.decisions.replay(world.with(cedar), newest);
  }

  @Test
  void what_would_differ_is_grouped_by_the_policies_that_newly_decide() {
    world.activate(ALL);
    recorded.call("bank/pay", "{'amount':5}");
    var large = recorded.call("bank/pay", "{'amount':500}");
    var larger = recorded.call("bank/pay", "{'amount':5000}");
    recorded.call("files/read_file", "{'path':'/data/a'}");

    var replayed = replay(100, ALL, LARGE);

    assertThat(replayed.recorded()).isEqualTo(4);
    assertThat(replayed.same()).isEqualTo(2);
    assertThat(replayed.differ()).isEqualTo(2);
    var group = replayed.groups().getFirst();
    assertThat(group.was()).isEqualTo("allow");
    assertThat(group.would()).isEqualTo("deny");
    assertThat(group.cause()).containsExactly("p1");
    assertThat(group.count()).isEqualTo(2);
    assertThat(group.already()).isZero();
    assertThat(group.examples())
        .extracting(Replayed.Example::decision)
        .containsExactly(larger.value(), large.value());
  }

  @Test
  void a_permit_that_is_taken_away_is_named_as_the_cause() {
    world.activate(ALL);
    recorded.call("files/read_file", "{'path':'/etc/passwd'}");

    var replayed = replay(100, "permit (principal, action == Action::\"bank/pay\", resource);");

    var group = replayed.groups().getFirst();
    assertThat(group.would()).isEqualTo("deny");
    assertThat(group.cause()).containsExactly("p0");
    assertThat(group.why()).isEqualTo("`p0` decides it no longer");
  }

  @Test
  void what_the_active_policies_would_decide_otherwise_too_is_told_apart() {
    world.activate(ALL);
    recorded.call("bank/pay", "{'amount':500}");
    world.activate(ALL, LARGE);

    var replayed = replay(100, ALL, LARGE, "permit (principal, action, resource) when { true };");

    assertThat(replayed.groups().getFirst().already()).isEqualTo(1);
  }

  @Test
  void the_same_outcome_for_another_reason_is_counted_and_not_listed() {
    world.activate(ALL);
    recorded.call("bank/pay", "{'amount':5}");

    var replayed = replay(100, ALL, ALL + " // again");

    assertThat(replayed.otherReason()).isEqualTo(1);
    assertThat(replayed.differ()).isZero();
  }

  @Test
  void only_the_newest_are_made_again_and_a_long_history_costs_no_more_memory() {
    world.activate(ALL);
    for (int i = 0; i < 25; i++) {
      recorded.call("bank/pay", "{'amount':500}");
    }
    for (int i = 0; i < 10; i++) {
      recorded.call("bank/pay", "{'amount':5}");
    }

    var few = replay(10, ALL, LARGE);
    var all = replay(1_000_000, ALL, LARGE);

    assertThat(few.recorded()).isEqualTo(10);
    assertThat(few.differ()).isZero();
    assertThat(all.recorded()).isEqualTo(35);
    assertThat(all.differ()).isEqualTo(25);
    assertThat(all.groups().getFirst().examples()).hasSize(2);
  }

  @Test
  void arguments_too_long_to_be_read_with_others_are_made_again_as_well() {
    world.activate(ALL);
    recorded.call("bank/pay", "{'amount':500,'to':'" + "x".repeat(100_000) + "'}");

    var replayed = replay(100, ALL, LARGE);

    assertThat(replayed.differ()).isEqualTo(1);
  }

  @Test
  @Tag("R188")
  void what_was_erased_damaged_or_never_kept_is_counted_and_stops_nothing() {
    world.activate(ALL);
    var erased = recorded.call("bank/pay", "{'amount':500}");
    var damaged = recorded.call("bank/pay", "{'amount':500}");
    recorded.ledger.append(
        Entry.of(EntryType.CALL_DECIDED, DecisionsWorld.NOW).with("decision", "allow"));
    recorded.ledger.append(
        Entry.of(EntryType.CALL_DECIDED, DecisionsWorld.NOW).with("decision", "filter"));
    recorded.call("bank/pay", "{'amount':500}");
    var body = " WHERE index = (SELECT index FROM ledger_entry WHERE id = ?)";
    recorded.sql("UPDATE ledger_body SET wrapped = NULL" + body, erased.value());
    recorded.sql(
        "UPDATE ledger_body SET ciphertext = set_byte(ciphertext, 40, 1)" + body, damaged.value());

    var replayed = replay(100, ALL, LARGE);

    assertThat(replayed.recorded()).isEqualTo(5);
    assertThat(replayed.differ()).isEqualTo(1);
    assertThat(replayed.unplayable())
        .isEqualTo(
            Map.of(
                Unplayable.ERASED, 1L,
                Unplayable.UNRECORDED, 1L,
                Unplayable.LIST, 1L,
                Unplayable.UNREADABLE, 1L));
  }

  @Test
  void nothing_recorded_is_no_error() {
    var replayed = replay(100, ALL);

    assertThat(replayed.recorded()).isZero();
    assertThat(replayed.groups()).isEqualTo(List.of());
  }
}
