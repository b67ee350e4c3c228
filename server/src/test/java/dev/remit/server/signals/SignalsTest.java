package dev.remit.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.TwoPeople;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Tag("R193")
class SignalsTest {
  private final SignalWorld world = new SignalWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "caep/event-type/session-revoked",
        "risc/event-type/account-disabled",
        "risc/event-type/account-purged",
        "risc/event-type/credential-compromise"
      })
  void whoever_a_transmitter_says_must_not_act_is_suspended(String event) {
    var answer = world.push(world.signed(SignalWorld.claims(event, SignalWorld.agent())));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(answer.body()).isEmpty();
    assertThat(world.isSuspended("agent")).isTrue();
    assertThat(world.entries("standing.changed"))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.path("by").stringValue()).isEqualTo("transmitter idp");
          assertThat(entry.path("reason").stringValue()).contains("jti set-1");
        });
    assertThat(world.entries("signal.received"))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.path("jti").stringValue()).isEqualTo("set-1");
          assertThat(entry.path("outcome").stringValue()).isEqualTo("suspended");
          assertThat(entry.path("about").stringValue()).isEqualTo("identity agent");
        });
  }

  @Test
  void a_credential_that_is_in_doubt_suspends_and_one_more_does_not() {
    var one = change("create", "set-1");
    var other = change("revoke", "set-2");

    assertThat(world.push(world.signed(one)).statusCode()).isEqualTo(202);
    assertThat(world.isSuspended("agent")).isFalse();
    assertThat(world.push(world.signed(other)).statusCode()).isEqualTo(202);
    assertThat(world.isSuspended("agent")).isTrue();
  }

  @Test
  void an_identity_is_found_by_what_its_platform_calls_it_and_an_owner_by_subject_or_email() {
    var byPlatform =
        SignalWorld.subject("iss_sub").put("iss", SignalWorld.IDP).put("sub", "workload-twin");
    var bySubject =
        SignalWorld.subject("complex")
            .set(
                "user",
                SignalWorld.subject("iss_sub")
                    .put("iss", SignalWorld.IDP)
                    .put("sub", "sub-of-anna"));

    push("set-1", byPlatform);
    push("set-2", bySubject);

    assertThat(world.isSuspended("twin")).isTrue();
    assertThat(world.isSuspended("agent")).isFalse();
    assertThat(world.isPersonSuspended("anna")).isTrue();
    assertThat(push("set-3", SignalWorld.subject("email").put("email", "ANNA@example.com")))
        .returns(202, HttpResponse::statusCode);
  }

  @Test
  void a_copy_is_taken_and_does_nothing_also_after_somebody_has_let_the_identity_go_on() {
    var set = world.signed(SignalWorld.revoked());
    world.push(set);
    resume();

    var again = world.push(set);

    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(world.isSuspended("agent")).isFalse();
    assertThat(world.entries("signal.received")).hasSize(1);
  }

  @Test
  void another_token_under_the_same_id_is_refused() {
    world.push(world.signed(SignalWorld.revoked()));
    var other = SignalWorld.claims("risc/event-type/account-disabled", SignalWorld.agent());

    assertRefused(world.push(world.signed(other)), "invalid_request", "jti-reused");
  }

  @Test
  void an_event_that_lets_somebody_act_again_changes_nothing() {
    world.push(world.signed(SignalWorld.revoked()));
    var enabled = SignalWorld.claims("risc/event-type/account-enabled", SignalWorld.agent());

    var answer = world.push(world.signed(enabled.put("jti", "set-2")));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(world.isSuspended("agent")).isTrue();
    assertThat(world.entries("signal.received").getLast().path("outcome").stringValue())
        .isEqualTo("none");
  }

  @Test
  void a_verification_event_is_answered_and_recorded() {
    var subject = SignalWorld.subject("opaque").put("id", "stream-1");
    var claims = SignalWorld.claims("ssf/event-type/verification", subject);

    assertThat(world.push(world.signed(claims)).statusCode()).isEqualTo(202);
    assertThat(world.entries("signal.received")).hasSize(1);
  }

  // What is refused, in the words of RFC 8935.

  @Test
  void what_does_not_come_from_the_transmitter_is_refused() {
    var set = world.signed(SignalWorld.revoked());

    assertRefused(
        world.push(set, "", "application/secevent+jwt"), "authentication_failed", "no-bearer");
    assertRefused(
        world.push(set, "Bearer guessed", "application/secevent+jwt"),
        "authentication_failed",
        "no-bearer");
    assertThat(world.push(set, "Bearer agreed", "application/json").body())
        .contains("invalid_request");
    assertThat(world.isSuspended("agent")).isFalse();
  }

  @Test
  void a_token_that_another_key_signed_is_refused() {
    var stranger = SignalWorld.fresh();

    var answer = world.push(SignalWorld.signed(SignalWorld.revoked(), "secevent+jwt", stranger));

    assertRefused(answer, "invalid_key", "bad-signature");
  }

  @Test
  void an_unsigned_token_is_refused() {
    var none = Base64URL.encode("{\"alg\":\"none\",\"typ\":\"secevent+jwt\"}");
    var claims = Base64URL.encode(SignalWorld.revoked().toString());

    assertRefused(world.push(none + "." + claims + "."), "invalid_request", "malformed");
  }

  /// Else an access or ID token of the transmitter could be passed off as an event.
  @Test
  void a_token_of_another_type_is_refused() {
    var answer = world.push(SignalWorld.signed(SignalWorld.revoked(), "at+jwt", world.key));

    assertRefused(answer, "invalid_request", "wrong-type");
  }

  @Test
  void a_token_of_another_issuer_or_for_somebody_else_is_refused() {
    assertRefused("iss", "https://other.example", "invalid_issuer", "wrong-issuer");
    assertRefused("aud", "https://other.example", "invalid_audience", "wrong-audience");
  }

  @Test
  void a_token_from_the_future_one_that_is_too_old_and_one_without_time_are_refused() {
    long now = SignalWorld.NOW.getEpochSecond();

    assertRefused((set, _) -> set.put("iat", now + 31), "from-the-future");
    assertRefused((set, _) -> set.put("iat", now - 24 * 3600 - 1), "too-old");
    assertRefused((set, _) -> set.put("iat", "now"), "no-iat");
    assertRefused((set, _) -> set.without("jti"), "no-jti");
    assertRefused((set, _) -> set.put("sub", SignalWorld.AGENT), "has-sub");
  }

  @Test
  void a_token_without_an_event_or_with_two_is_refused() {
    assertRefused((set, _) -> set.without("events"), "events");
    assertRefused(
        (set, events) -> {
          events.putObject("https://schemas.openid.net/secevent/risc/event-type/account-purged");
          return set;
        },
        "events");
  }

  @Test
  void an_oversized_token_is_refused() {
    assertRefused((set, _) -> set.put("padding", "x".repeat(16 * 1024)), "too-long");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"format\":\"iss_sub\",\"iss\":\"https://idp.example\",\"sub\":\"nobody\"}",
        "{\"format\":\"iss_sub\",\"iss\":\"https://other.example\",\"sub\":\"sub-of-anna\"}",
        "{\"format\":\"email\",\"email\":\"nobody@example.com\"}",
        "{\"format\":\"email\",\"email\":\"admin@example.com\"}",
        "{\"format\":\"uri\",\"uri\":\"https://example.com/agent\"}",
        "{\"format\":\"phone_number\",\"phone_number\":\"+12065550100\"}",
        "{\"format\":\"complex\",\"session\":{\"format\":\"opaque\",\"id\":\"no-task\"}}",
        "{}"
      })
  void a_subject_that_is_nobody_here_is_refused(String subject) {
    var json = JsonMapper.shared().readTree(subject);

    var answer =
        world.push(world.signed(SignalWorld.claims("caep/event-type/session-revoked", json)));

    assertRefused(answer, "invalid_request", "unknown-subject");
  }

  @Test
  void while_the_keys_cannot_be_had_the_transmitter_is_told_to_come_back() {
    world.keysGone();

    var answer = world.push(world.signed(SignalWorld.revoked()));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it: what the
  /// transmitter pushes again ends in the same either way.
  @ParameterizedTest
  @EnumSource
  void what_was_not_acknowledged_can_be_pushed_again(CommitFaults.Fault fault) {
    var set = world.signed(SignalWorld.revoked());
    world.faults.failNext(fault);
    world.push(set);

    var again = world.push(set);

    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(world.isSuspended("agent")).isTrue();
    assertThat(world.entries("standing.changed")).hasSize(1);
    assertThat(world.entries("signal.received")).hasSize(1);
  }

  private ObjectNode change(String type, String jti) {
    var claims = SignalWorld.claims("caep/event-type/credential-change", SignalWorld.agent());
    var event = (ObjectNode) claims.path("events").iterator().next();
    event.put("change_type", type).put("credential_type", "jwk");
    return claims.put("jti", jti);
  }

  private HttpResponse<String> push(String jti, JsonNode subject) {
    var claims = SignalWorld.claims("caep/event-type/session-revoked", subject);
    return world.push(world.signed(claims.put("jti", jti)));
  }

  private void resume() {
    TwoPeople.resume(world.authorization, Party.of(new IdentityName("agent")), SignalWorld.NOW);
  }

  private void assertRefused(String member, String value, String error, String reason) {
    assertRefused(
        world.push(world.signed(SignalWorld.revoked().put(member, value))), error, reason);
  }

  private void assertRefused(BiFunction<ObjectNode, ObjectNode, ObjectNode> wrong, String reason) {
    var set = SignalWorld.revoked();
    var made = wrong.apply(set, (ObjectNode) set.path("events"));
    assertRefused(world.push(world.signed(made)), "invalid_request", reason);
  }

  private void assertRefused(HttpResponse<String> answer, String error, String reason) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    var body = JsonMapper.shared().readTree(answer.body());
    assertThat(Map.of("err", body.path("err").asString(), "why", reason))
        .isEqualTo(
            Map.of(
                "err",
                error,
                "why",
                world.entries("signal.refused").getLast().path("reason").stringValue()));
    assertThat(body.path("description").asString("")).isNotEmpty();
  }
}
