package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a suspension or the end of a task has come to is measured and recorded, once.
@Tag("R69")
class ControlsTest {
  private static final Party AGENT = Party.of(new IdentityName("invoice-agent"));
  private static final PersonName SAM = new PersonName("sam");
  private static final Duration SOON = Duration.ofSeconds(15);

  private final TokenWorld world = new TokenWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  @Tag("R204")
  void the_outcome_of_a_suspension_counts_every_node_that_refuses() {
    world.node();
    world.node();

    standings().suspend(AGENT, SAM, "stop", world.now());

    var entry = measured();
    assertThat(entry.path("name").stringValue()).isEqualTo("invoice-agent");
    assertThat(entry.path("why").stringValue()).isEqualTo("suspended");
    assertThat(part(entry, "tokens").path("count").asLong(0)).isEqualTo(3);
    assertThat(entry.path("complete").booleanValue()).isTrue();
    var shown = world.get("/v1/standings", world.admin()).json().path("suspended").path(0);
    assertThat(shown.path("outcome").path("complete").booleanValue()).isTrue();
  }

  @Test
  @Tag("R68")
  void whoever_ends_a_task_hears_the_outcome_and_anybody_sees_it_afterwards() {
    var token = world.token();
    var path = "/v1/tasks/" + TokenWorld.task(token);

    var ended = world.post(path + "/complete", token, "");

    assertThat(ended.json().path("outcome").path("complete").booleanValue())
        .as(ended.text())
        .isTrue();
    assertThat(world.get(path, world.operator("aude")).json().path("outcome"))
        .isEqualTo(ended.json().path("outcome"));
    assertThat(measured().path("task").stringValue()).isEqualTo(TokenWorld.task(token));
    world.post(path + "/complete", world.admin(), "");
    assertThat(world.entries("control.measured")).hasSize(1);
  }

  @Test
  void a_part_that_is_still_under_way_when_time_is_up_is_named() {
    var left = new AtomicLong(3);
    var quick = new SuspensionConfig(Duration.ofHours(1), Duration.ofMillis(50));
    world.suspension = quick;
    var node = world.node();
    node.authorization.standings().controls().watch(new Sessions(left));

    node.authorization.standings().suspend(AGENT, SAM, "stop", world.now());

    var entry = measured();
    assertThat(entry.path("complete").booleanValue()).isFalse();
    assertThat(part(entry, "sessions").path("left").asLong(0)).isEqualTo(3);
    assertThat(part(entry, "tokens").path("left").asLong(9)).isZero();
  }

  /// The node that was told dies after the commit; another one finds what is due.
  @Test
  void what_a_node_that_died_has_begun_is_measured_by_another() {
    var left = new AtomicLong(1);
    var dying = world.node();
    dying.authorization.standings().controls().watch(new Sessions(left));
    dying.authorization.standings().suspend(AGENT, SAM, "stop", world.now());
    dying.authorization.close();
    assertThat(world.entries("control.measured")).isEmpty();

    controls().sweep(world.now());
    assertThat(world.entries("control.measured")).as("it may still be measuring").isEmpty();
    world.clock.pass(SuspensionConfig.DEFAULT.measureWithin().multipliedBy(3));
    controls().sweep(world.now());
    controls().sweep(world.now());

    assertThat(measured().path("late").booleanValue()).isTrue();
  }

  @Test
  void a_node_that_has_started_since_is_not_waited_for_to_say_what_it_has_cut() {
    var dying = world.node();
    dying.authorization.standings().controls().watch(new Sessions(new AtomicLong(1)));
    dying.authorization.standings().suspend(AGENT, SAM, "stop", world.now());
    dying.authorization.close();
    controls().cut(Taken.OfParty.key(AGENT, 1), 2);
    world.clock.pass(SuspensionConfig.DEFAULT.measureWithin().multipliedBy(3));

    var later = world.node().authorization.standings().controls();
    later.watchCuts();
    later.sweep(world.now());

    assertThat(part(measured(), "streams").path("count").asLong(0)).isEqualTo(2);
    assertThat(measured().path("complete").booleanValue()).isTrue();
  }

  private record Sessions(AtomicLong left) implements ControlPart {
    @Override
    public String name() {
      return "sessions";
    }

    @Override
    public Look look(Tx tx, Taken taken, Instant begun) {
      return new Look(1, left.get());
    }
  }

  private JsonNode measured() {
    await().atMost(SOON).until(() -> !world.entries("control.measured").isEmpty());
    assertThat(world.entries("control.measured")).hasSize(1);
    return world.entries("control.measured").getFirst();
  }

  private static JsonNode part(JsonNode entry, String name) {
    return entry
        .path("parts")
        .valueStream()
        .filter(part -> part.path("part").asString("").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Standings standings() {
    return world.first().authorization.standings();
  }

  private Controls controls() {
    return standings().controls();
  }
}
