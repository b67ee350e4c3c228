package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.DrillId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResumptionId;
import dev.remit.kernel.identity.Role;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One person stops; it takes two to let go on.
@Tag("R170")
class ResumptionTest {
  private static final Party AGENT = Party.of(new IdentityName("invoice-agent"));
  private static final PersonName ANNA = new PersonName("anna");
  private static final PersonName SAM = new PersonName("sam");
  private static final String PATH = "/v1/identities/invoice-agent/";
  private static final String REASON = "{\"reason\":\"looked at it\"}";
  private static final String YES = "{\"agree\":true}";

  private final TokenWorld world = new TokenWorld();

  @BeforeEach
  void the_agent_is_suspended() {
    standings().suspend(AGENT, SAM, "it misbehaves", world.now());
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void somebody_asks_and_somebody_else_agrees() {
    var asked = world.post(PATH + "resume", world.operator("sam"), REASON);
    assertThat(asked.status()).as(asked.text()).isEqualTo(202);
    assertThat(standings().isSuspended(AGENT)).isTrue();
    var listed = world.get("/v1/standings", world.operator("aude")).json().path("suspended");
    assertThat(listed.path(0).path("resumption").path("requestedBy").asString("")).isEqualTo("sam");

    var agreed = answer(id(asked), "anna", YES);

    assertThat(agreed.json().path("suspended").booleanValue()).isFalse();
    assertThat(standings().isSuspended(AGENT)).isFalse();
    assertThat(world.first().check(world.token())).isInstanceOf(TokenCheck.Good.class);
    assertThat(world.entries("resumption.settled"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("outcome").stringValue()).isEqualTo("agreed"));
    assertThat(world.entries("standing.changed").getLast().path("agreedBy").stringValue())
        .isEqualTo("anna");
    assertThat(world.get("/v1/standings", world.admin()).json().path("suspended").isEmpty())
        .isTrue();
  }

  @Test
  void nobody_agrees_to_their_own_request() {
    var asked = world.post(PATH + "resume", world.operator("sam"), REASON);

    var refused = answer(id(asked), "sam", YES);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("own-request");
    assertThat(standings().isSuspended(AGENT)).isTrue();
  }

  @Test
  void two_names_of_one_human_are_one_person() {
    var registered =
        new Registered(
            1,
            List.of(
                person("sam", "Sam@Example.com", "1"),
                person("sam2", "sam@example.com", "2"),
                person("sam3", "other@example.com", "1"),
                person("eve", "eve@example.com", "3")));

    assertThat(same("sam", "sam2", registered)).isTrue();
    assertThat(same("sam", "sam3", registered)).isTrue();
    assertThat(same("sam", "eve", registered)).isFalse();
    assertThat(same("sam2", "sam3", registered)).isFalse();
  }

  @Test
  void only_those_who_may_stop_it_ask_and_agree() {
    assertThat(world.post(PATH + "resume", world.operator("otto"), REASON).status()).isEqualTo(403);
    var asked = world.post(PATH + "resume", world.operator("anna"), REASON);

    assertThat(answer(id(asked), "otto", YES).status()).isEqualTo(403);
    assertThat(answer(id(asked), "aude", YES).status()).isEqualTo(403);
    assertThat(answer(id(asked), "sam", "{\"agree\":\"yes\"}").status()).isEqualTo(400);
    assertThat(answer("rsm_00000000000000000000000000", "sam", YES).status()).isEqualTo(404);
    assertThat(answer(id(asked), "sam", YES).status()).isEqualTo(200);
  }

  @Test
  void a_declined_wish_is_over_and_another_may_be_made() {
    var asked = world.post(PATH + "resume", world.operator("anna"), REASON);
    var again = world.post(PATH + "resume", world.operator("sam"), REASON);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text()).contains("already-asked");

    assertThat(answer(id(asked), "sam", "{\"agree\":false}").status()).isEqualTo(200);

    assertThat(standings().isSuspended(AGENT)).isTrue();
    assertThat(answer(id(asked), "sam", YES).text()).contains("wish-settled");
    assertThat(world.post(PATH + "resume", world.operator("sam"), REASON).status()).isEqualTo(202);
  }

  @Test
  void nobody_agrees_after_its_time_and_the_end_of_it_is_recorded() {
    var asked = world.post(PATH + "resume", world.operator("anna"), REASON);
    world.clock.pass(SuspensionConfig.DEFAULT.resumeWithin());

    assertThat(answer(id(asked), "sam", YES).text()).contains("wish-lapsed");

    assertThat(standings().isSuspended(AGENT)).isTrue();
    assertThat(world.entries("resumption.settled"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("outcome").stringValue()).isEqualTo("lapsed"));
  }

  @Test
  void what_nobody_answers_is_swept() {
    resumptions().ask(AGENT, ANNA, "looked", world.now());
    world.clock.pass(SuspensionConfig.DEFAULT.resumeWithin().plus(Duration.ofSeconds(1)));

    resumptions().sweep(world.now());
    resumptions().sweep(world.now());

    assertThat(resumptions().open()).isEmpty();
    assertThat(world.entries("resumption.settled")).hasSize(1);
  }

  @Test
  void what_is_not_suspended_cannot_be_resumed_and_a_reason_is_needed() {
    var nothing = world.post("/v1/workflows/invoices/resume", world.operator("sam"), REASON);

    assertThat(nothing.status()).isEqualTo(409);
    assertThat(nothing.text()).contains("not-suspended");
    assertThat(world.post(PATH + "resume", world.operator("sam"), "{}").status()).isEqualTo(400);
  }

  @Test
  void a_first_administrator_alone_is_told_to_declare_a_second_person() {
    world.declare(
        TokenWorld.person("sam", false, Role.SECURITY),
        TokenWorld.person("anna", false, Role.OWNER));

    var alone = world.post(PATH + "resume", world.admin(), REASON);

    assertThat(alone.status()).isEqualTo(409);
    assertThat(alone.text()).contains("nobody-else", "remit apply");
    assertThat(world.entries("resumption.requested")).isEmpty();
  }

  /// A drill's suspension, which ends by itself, and then a person's.
  @Test
  void a_wish_about_a_suspension_that_is_over_ends_no_later_one() {
    world.resume(AGENT);
    standings().drill(AGENT, DrillId.fresh(world.now()), world.now());
    var asked = world.post(PATH + "resume", world.operator("anna"), REASON);
    standings().suspend(AGENT, SAM, "it does it again", world.now());

    var refused = answer(id(asked), "sam", YES);

    assertThat(refused.text()).contains("wish-settled");
    assertThat(standings().isSuspended(AGENT)).isTrue();
    assertThat(world.post(PATH + "resume", world.operator("anna"), REASON).status()).isEqualTo(202);
  }

  @Test
  void of_two_who_agree_at_once_one_does() throws Exception {
    var asked = (Resumptions.Asked.Open) resumptions().ask(AGENT, ANNA, "looked", world.now());
    var other = world.node();
    var done = new ConcurrentLinkedQueue<Boolean>();
    var threads = new ArrayList<Thread>();
    for (var node : List.of(world.first(), other)) {
      threads.add(
          Thread.startVirtualThread(() ->
              done.add(
                  node.authorization
                      .resumptions()
                      .answer(asked.resumption().id(), SAM, true, world.now()))));
    }
    for (var thread : threads) {
      thread.join();
    }

    assertThat(done).containsExactlyInAnyOrder(true, false);
    assertThat(world.entries("resumption.settled")).hasSize(1);
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it.
  @ParameterizedTest
  @EnumSource
  void a_resumption_holds_exactly_when_it_is_recorded(CommitFaults.Fault fault) {
    var asked = (Resumptions.Asked.Open) resumptions().ask(AGENT, ANNA, "looked", world.now());
    world.failNextCommit(fault);

    try {
      resumptions().answer(asked.resumption().id(), SAM, true, world.now());
    } catch (DatabaseUnavailable e) {
      // Told below by what is stored.
    }

    boolean recorded = !world.entries("resumption.settled").isEmpty();
    assertThat(resumptions().open().isEmpty()).isEqualTo(recorded);
    assertThat(world.entries("standing.changed")).hasSize(recorded ? 2 : 1);
  }

  private TokenWorld.Response answer(String id, String who, String json) {
    return world.post("/v1/resumptions/" + id + "/answer", world.operator(who), json);
  }

  private static String id(TokenWorld.Response asked) {
    return new ResumptionId(asked.json().path("id").stringValue()).value();
  }

  private static boolean same(String one, String other, Registered registered) {
    return !TwoPeople.are(new PersonName(one), new PersonName(other), registered);
  }

  private static Person person(String name, String email, String subject) {
    return new Person(
        new PersonName(name),
        name,
        Optional.of(email),
        Optional.of(subject),
        Set.of(Role.SECURITY),
        true);
  }

  private Standings standings() {
    return world.first().authorization.standings();
  }

  private Resumptions resumptions() {
    return world.first().authorization.resumptions();
  }
}
