package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("R12")
class StandingsTest {
  private static final Party AGENT = Party.of(new IdentityName("invoice-agent"));
  private static final Party WORKFLOW = Party.of(new WorkflowName("invoices"));
  private static final PersonName SAM = new PersonName("sam");
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  private final TokenWorld world =
      new TokenWorld(config ->
          new TokenConfig(
              config.issuer(),
              config.skew(),
              config.lifetimes(),
              config.checkedMax(),
              Duration.ofMillis(1500),
              Duration.ofMillis(200),
              config.operatorLifetime(),
              config.operatorLifetimeMax(),
              config.delegationsMax(),
              config.proofs(),
              config.holders(),
              config.keys(),
              config.statusTtl(),
              config.svids()));

  @AfterEach
  void close() {
    world.close();
  }

  @ParameterizedTest
  @CsvSource({"IDENTITY, invoice-agent", "WORKFLOW, invoices", "PERSON, anna"})
  void whoever_is_suspended_every_token_beneath_is_refused_at_once(Party.Kind kind, String name) {
    var token = world.token();
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);

    standings().suspend(new Party(kind, name), SAM, "it misbehaves", world.now());

    assertThat(world.first().check(token)).isEqualTo(new TokenCheck.Suspended(kind.word(), name));
    var refused = world.exchange(world.form(world.proof().sign()));
    assertThat(refused.json().path("error").stringValue()).isEqualTo("unauthorized_client");
    assertThat(refused.json().path("reason").stringValue()).isEqualTo(kind.word() + "-suspended");
    assertThat(world.entries("exchange.refused")).hasSize(1);
  }

  @Test
  void a_suspension_is_recorded_with_who_said_it_why_and_when() {
    standings().suspend(AGENT, SAM, "it misbehaves", world.now());

    assertThat(world.entries("standing.changed"))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.path("kind").stringValue()).isEqualTo("identity");
          assertThat(entry.path("name").stringValue()).isEqualTo("invoice-agent");
          assertThat(entry.path("suspended").booleanValue()).isTrue();
          assertThat(entry.path("by").stringValue()).isEqualTo("sam");
          assertThat(entry.path("reason").stringValue()).isEqualTo("it misbehaves");
          assertThat(entry.path("at").stringValue()).isEqualTo("2026-11-21T10:00:00.000000Z");
        });
  }

  @Test
  void a_resumed_identity_starts_with_new_tokens_and_its_old_ones_stay_dead() {
    var old = world.token();
    standings().suspend(AGENT, SAM, "look", world.now());
    world.resume(AGENT);

    var fresh = world.token();

    assertThat(world.first().check(old))
        .isEqualTo(new TokenCheck.Invalid("from-before-a-suspension"));
    assertThat(world.first().check(fresh)).isInstanceOf(TokenCheck.Good.class);
  }

  @Test
  void suspending_what_is_suspended_changes_and_records_nothing() {
    var first = standings().suspend(AGENT, SAM, "look", world.now());

    var second = standings().suspend(AGENT, new PersonName("anna"), "again", world.now());

    assertThat(second).isEqualTo(first);
    assertThat(world.entries("standing.changed")).hasSize(1);
  }

  @Test
  void every_node_hears_of_suspension_and_completion_and_tells_its_listeners_once() {
    var other = world.node();
    var suspended = Collections.synchronizedList(new ArrayList<Party>());
    var ended = Collections.synchronizedList(new ArrayList<TaskId>());
    other.authorization.standings().onSuspended(suspended::add);
    other.authorization.tasks().onEnded(ended::add);
    var killed = world.token();
    var done = world.token();
    assertThat(other.check(killed)).isInstanceOf(TokenCheck.Good.class);
    assertThat(other.check(done)).isInstanceOf(TokenCheck.Good.class);

    var task = new TaskId(TokenWorld.task(done));
    world.first().authorization.tasks().complete(task, "anna", world.now());
    await().atMost(AT_ONCE).until(() -> other.check(done) instanceof TokenCheck.TaskEnded);
    standings().suspend(WORKFLOW, SAM, "stop", world.now());
    await().atMost(AT_ONCE).until(() -> other.check(killed) instanceof TokenCheck.Suspended);

    assertThat(ended).containsExactly(task);
    assertThat(suspended).containsExactly(WORKFLOW);
  }

  @Test
  void a_node_that_starts_later_knows_what_was_taken_away_before() {
    var done = world.token();
    var task = new TaskId(TokenWorld.task(done));
    world.first().authorization.tasks().complete(task, "anna", world.now());
    var killed = world.token();
    standings().suspend(AGENT, SAM, "stop", world.now());

    var late = world.node();

    assertThat(late.check(done)).isEqualTo(new TokenCheck.TaskEnded(task));
    assertThat(late.check(killed)).isInstanceOf(TokenCheck.Suspended.class);
  }

  /// Written as another node would, but without the announcement: the number alone gives it away.
  @Test
  void a_lost_announcement_is_made_good_by_the_next_poll() {
    world.tampered = true;
    var token = world.token();
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);

    world
        .first()
        .database
        .run(tx -> {
          tx.update("UPDATE standing_head SET seq = seq + 1");
          tx.update(
              """
              INSERT INTO standing (kind, name, suspended, epoch, reason, said_by, since, seq)
              SELECT 'identity', 'invoice-agent', true, 1, 'x', 'sam', now(), seq
                FROM standing_head
              """);
        });

    await().atMost(AT_ONCE).until(() -> world.first().check(token) instanceof TokenCheck.Suspended);
  }

  @Test
  void a_node_that_cannot_hear_refuses_everything_and_recovers_by_itself() {
    var token = world.token();
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);

    world.takeAway();
    try {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> world.first().check(token) instanceof TokenCheck.FeedStale);
    } finally {
      world.giveBack();
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> world.first().check(token) instanceof TokenCheck.Good);
  }

  @Test
  void a_connection_that_breaks_loses_no_suspension() {
    var other = world.node();
    var token = world.token();
    TestDatabase.cut(world.where());

    await()
        .ignoreExceptions()
        .atMost(Duration.ofSeconds(20))
        .until(() -> standings().suspend(AGENT, SAM, "stop", world.now()).suspended());

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> other.check(token) instanceof TokenCheck.Suspended);
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it.
  @ParameterizedTest
  @EnumSource
  void a_suspension_is_true_in_memory_exactly_when_it_is_true_in_the_ledger(
      CommitFaults.Fault fault) {
    var token = world.token();
    world.failNextCommit(fault);

    boolean told = suspends();

    int recorded = world.entries("standing.changed").size();
    assertThat(recorded).isEqualTo(told || fault == CommitFaults.Fault.STORED ? 1 : 0);
    if (recorded == 1) {
      await()
          .atMost(AT_ONCE)
          .until(() -> world.first().check(token) instanceof TokenCheck.Suspended);
    } else {
      assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);
    }
  }

  @Test
  void the_limits_of_the_feed_must_leave_room_for_a_missed_poll() {
    var config = TokenConfig.of(TokenWorld.ISSUER);

    assertThatThrownBy(() ->
            new TokenConfig(
                config.issuer(),
                config.skew(),
                config.lifetimes(),
                config.checkedMax(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                config.operatorLifetime(),
                config.operatorLifetimeMax(),
                config.delegationsMax(),
                config.proofs(),
                config.holders(),
                config.keys(),
                config.statusTtl(),
                config.svids()))
        .hasMessageContaining("staleAfter must be at least twice pollEvery");
  }

  @Test
  void two_who_suspend_at_once_agree_on_one_epoch() throws Exception {
    var other = world.node();
    var threads = new ArrayList<Thread>();
    for (var node : List.of(world.first(), other)) {
      threads.add(
          Thread.startVirtualThread(
              () -> node.authorization.standings().suspend(AGENT, SAM, "both", world.now())));
    }

    for (var thread : threads) {
      thread.join();
    }

    assertThat(standings().of(AGENT).map(PartyStanding::epoch)).contains(1L);
    assertThat(world.entries("standing.changed")).hasSize(1);
  }

  private boolean suspends() {
    try {
      standings().suspend(AGENT, SAM, "stop", world.now());
      return true;
    } catch (DatabaseUnavailable e) {
      return false;
    }
  }

  private Standings standings() {
    return world.first().authorization.standings();
  }
}
