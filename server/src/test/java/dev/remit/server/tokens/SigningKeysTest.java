package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWK;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.DatabaseUnavailable;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("R73")
class SigningKeysTest {
  private static final Duration AT_ONCE = Duration.ofSeconds(30);
  private static final KeyChange.Wish WISH =
      new KeyChange.Wish(new PersonName("sam"), "a disk was lost");

  private final TokenWorld world = new TokenWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void the_next_key_is_published_ahead_and_signs_when_its_time_has_come() {
    var first = kid(world.token());
    var answer = rotate("yearly");

    var next = answer.json().path("kid").stringValue();
    assertThat(published()).containsExactly(next, first);
    assertThat(kid(world.token())).isEqualTo(first);

    world.clock.pass(KeyTimes.defaults().publishAhead());

    assertThat(kid(world.token())).isEqualTo(next);
  }

  @Test
  void a_token_of_the_key_before_is_good_until_it_expires_and_then_the_key_is_gone() {
    rotate("yearly");
    world.clock.pass(KeyTimes.defaults().publishAhead().minusSeconds(1));
    var old = world.token();
    world.clock.pass(Duration.ofSeconds(2));

    assertThat(change().retire(world.now())).isZero();
    assertThat(world.first().check(old)).isInstanceOf(TokenCheck.Good.class);

    world.clock.pass(Duration.ofMinutes(20));
    assertThat(change().retire(world.now())).isEqualTo(1);
    keys().refresh(world.now());
    assertThat(published()).doesNotContain(kid(old)).hasSize(1);
    assertThat(world.entries("key.retired"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("kid").stringValue()).isEqualTo(kid(old)));
  }

  @Test
  void a_key_is_replaced_once_it_has_signed_for_long_enough_and_by_one_node_only() {
    var other = world.node();
    assertThat(change().rotateIfDue(world.now())).isEmpty();
    world.clock.pass(KeyTimes.defaults().rotateEvery());

    var mine = change().rotateIfDue(world.now());
    var others = other.authorization.keyChange().rotateIfDue(world.now());

    assertThat(mine).isPresent();
    assertThat(others).isEmpty();
    assertThat(world.entries("key.created"))
        .filteredOn(entry -> entry.path("use").asString("").equals("task-token"))
        .hasSize(2);
  }

  @Test
  void a_second_rotation_waits_for_the_first() {
    rotate("yearly");

    var answer = rotate("again");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text()).contains("rotation-under-way").contains("/v1/keys/roll");
  }

  @Test
  @Tag("R12")
  void a_roll_ends_every_token_at_every_node_also_those_that_were_checked_before() {
    var other = world.node();
    var token = world.token();
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);
    assertThat(other.check(token)).isInstanceOf(TokenCheck.Good.class);

    var answer = roll("a disk was lost");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(world.first().check(token)).isEqualTo(new TokenCheck.Invalid("key-revoked"));
    await()
        .atMost(AT_ONCE)
        .until(() -> other.check(token).equals(new TokenCheck.Invalid("key-revoked")));
    var fresh = world.token();
    assertThat(kid(fresh)).isEqualTo(answer.json().path("kid").stringValue());
    assertThat(other.check(fresh)).isInstanceOf(TokenCheck.Good.class);
    assertThat(published()).containsExactly(kid(fresh));
  }

  @Test
  void a_roll_also_ends_the_key_that_was_to_be_next_and_those_of_before() {
    var first = kid(world.token());
    var next = rotate("yearly").json().path("kid").stringValue();

    var answer = roll("the master key was seen in a log");

    assertThat(answer.json().path("revoked").valueStream().map(one -> one.stringValue()))
        .containsExactlyInAnyOrder(first, next);
    assertThat(world.entries("key.revoked")).hasSize(2);
  }

  @Test
  void a_node_that_starts_after_a_roll_knows_no_dead_key() {
    var token = world.token();
    roll("lost");

    var late = world.node();

    assertThat(late.check(token)).isIn(dead("key-revoked"), dead("unknown-key"));
    world.clock.pass(Duration.ofHours(1));
    assertThat(change().retire(world.now())).isEqualTo(1);
  }

  @Test
  void a_roll_is_recorded_with_who_why_and_when() {
    roll("a disk was lost");

    assertThat(world.entries("key.revoked"))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.path("by").stringValue()).isEqualTo("sam");
          assertThat(entry.path("reason").stringValue()).isEqualTo("a disk was lost");
          assertThat(entry.path("at").stringValue()).isEqualTo("2026-11-21T10:00:00.000000Z");
        });
  }

  @Test
  void two_who_roll_at_once_leave_one_key_that_signs() throws Exception {
    var other = world.node();
    var threads = new ArrayList<Thread>();
    for (var node : List.of(world.first(), other)) {
      threads.add(
          Thread.startVirtualThread(() -> node.authorization.keyChange().roll(WISH, world.now())));
    }

    for (var thread : threads) {
      thread.join();
    }

    assertThat(world.entries("key.revoked")).hasSize(2);
    var token = world.token();
    assertThat(published()).containsExactly(kid(token));
    await().atMost(AT_ONCE).until(() -> other.check(token) instanceof TokenCheck.Good);
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it.
  @ParameterizedTest
  @EnumSource
  void a_roll_is_true_in_memory_exactly_when_it_is_true_in_the_ledger(CommitFaults.Fault fault) {
    var token = world.token();
    world.failNextCommit(fault);

    boolean told = rolls();

    int recorded = world.entries("key.revoked").size();
    assertThat(recorded).isEqualTo(told || fault == CommitFaults.Fault.STORED ? 1 : 0);
    if (recorded == 1) {
      await().atMost(AT_ONCE).until(() -> world.first().check(token) instanceof TokenCheck.Invalid);
      assertThat(kid(world.token())).isNotEqualTo(kid(token));
    } else {
      assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);
    }
  }

  @Test
  void a_key_is_changed_with_a_reason_or_not_at_all() {
    var answer = world.post("/v1/keys/roll", world.operator("sam"), "{}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(world.entries("key.revoked")).isEmpty();
  }

  private boolean rolls() {
    try {
      change().roll(WISH, world.now());
      return true;
    } catch (DatabaseUnavailable e) {
      return false;
    }
  }

  private TokenWorld.Response rotate(String reason) {
    return world.post("/v1/keys/rotate", world.operator("sam"), json(reason));
  }

  private TokenWorld.Response roll(String reason) {
    return world.post("/v1/keys/roll", world.operator("sam"), json(reason));
  }

  private static String json(String reason) {
    return "{\"reason\":\"" + reason + "\"}";
  }

  private List<String> published() {
    return keys().published().getKeys().stream().map(JWK::getKeyID).toList();
  }

  private static TokenCheck dead(String reasonCode) {
    return new TokenCheck.Invalid(reasonCode);
  }

  private SigningKeys keys() {
    return world.first().authorization.keys();
  }

  private KeyChange change() {
    return world.first().authorization.keyChange();
  }

  private static String kid(String token) {
    try {
      return JWSObject.parse(token).getHeader().getKeyID();
    } catch (ParseException e) {
      throw new AssertionError(token, e);
    }
  }
}
