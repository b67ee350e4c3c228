package dev.remit.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A receiver written from RFC 8417, RFC 8935 and CAEP 1.0, over real HTTP.
@Tag("R204")
class SecurityEventsTest {
  private static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
  private static final String AUDIENCE = "https://receiver.test";

  private final ExportWorld world = new ExportWorld();
  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    world.close();
    receiver.close();
  }

  @Test
  void a_suspended_identity_is_a_session_revoked_about_what_its_tokens_name() throws Exception {
    begin();
    suspended("identity", "agent", "it misbehaves");
    world.settle();

    var set = verified(pushed().getFirst());
    assertThat(set.getIssuer()).isEqualTo("https://remit.test");
    assertThat(set.getAudience()).containsExactly(AUDIENCE);
    assertThat(set.getJWTID()).startsWith("evt_");
    assertThat(set.getClaims()).doesNotContainKeys("sub", "exp");
    assertThat(set.getJSONObjectClaim("sub_id"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "format", "iss_sub",
                "iss", "https://remit.test",
                "sub", "spiffe://remit.test/payments/agent"));
    var event = event(set, "session-revoked");
    assertThat(event).containsKey("event_timestamp").containsEntry("initiating_entity", "admin");
    assertThat(event.get("reason_admin")).isEqualTo(Map.of("en", "it misbehaves"));
  }

  @Test
  void a_task_a_token_a_workflow_an_owner_and_a_key_have_each_their_subject() throws Exception {
    begin();
    append(EntryType.TASK_COMPLETED, "task", "task_1", "identity", "spiffe://remit.test/p/a");
    append(EntryType.TOKEN_REVOKED, "token", "jti-1", "task", "task_1");
    suspended("workflow", "payments", "stop");
    suspended("person", "anna", "stop");
    append(EntryType.KEY_REVOKED, "kid", "old", "use", "task-token");
    world.settle();

    var subjects = pushed().stream().map(SecurityEventsTest::subject).toList();
    assertThat(subjects)
        .extracting(subject -> subject.get("format"))
        .containsExactly("complex", "jwt_id", "complex", "complex", "uri");
    assertThat(subjects.get(0)).containsKeys("session", "application");
    assertThat(subjects.get(1)).containsEntry("jti", "jti-1");
    assertThat(subjects.get(2)).containsKey("group");
    assertThat(subjects.get(3)).containsKey("user");
    var change = event(verified(pushed().getLast()), "credential-change");
    assertThat(change).containsEntry("change_type", "revoke").containsEntry("friendly_name", "old");
  }

  @Test
  void what_takes_nothing_away_is_passed_over() {
    begin();
    world.call("payments");
    append(EntryType.STANDING_CHANGED, "kind", "identity", "name", "agent");
    append(EntryType.TOKEN_REVOKED, "token", "sha256:00", "person", "anna");

    world.settle();

    assertThat(receiver.got()).isEmpty();
  }

  /// A receiver is told twice at most what it can tell to be the same.
  @Test
  void what_was_not_acknowledged_is_sent_again_under_the_same_id() throws Exception {
    receiver.answers(503);
    begin();
    suspended("identity", "agent", "stop");
    ExportWorld.until(() -> receiver.got().size() > 1);
    receiver.answers(202);
    world.settle();

    var ids = new HashSet<String>();
    for (var got : receiver.got()) {
      ids.add(verified(got).getJWTID());
    }
    assertThat(ids).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"authentication_failed", "invalid_key", "invalid_audience"})
  void a_receiver_that_does_not_know_us_is_tried_until_it_does(String error) {
    receiver.behaves(_ ->
        new Receiver.Behaviour.Answer(
            400, Map.of(), ("{\"err\":\"" + error + "\"}").getBytes(StandardCharsets.UTF_8)));
    begin();
    suspended("identity", "agent", "stop");
    ExportWorld.until(() -> receiver.got().size() > 5);
    receiver.answers(202);

    world.settle();

    assertThat(world.standing().asides()).isEmpty();
  }

  @Test
  void a_token_that_the_receiver_cannot_use_is_set_aside_and_the_next_is_sent() {
    receiver.behaves(_ ->
        new Receiver.Behaviour.Answer(
            400, Map.of(), "{\"err\":\"invalid_request\"}".getBytes(StandardCharsets.UTF_8)));
    begin();
    suspended("identity", "agent", "stop");
    ExportWorld.until(() -> !world.standing().asides().isEmpty());

    assertThat(world.standing().asides().getFirst().why()).contains("invalid_request");
  }

  private void begin() {
    world.unaccounted = true;
    world.begin(
        ExportWorld.config(
            "soc",
            new Target.SecurityEvents(
                receiver.url(), Optional.of(new Secret("of-the-bearer")), AUDIENCE)));
  }

  private void suspended(String kind, String name, String reason) {
    world.ledger.append(
        Entry.of(EntryType.STANDING_CHANGED, Instant.now())
            .with("kind", kind)
            .with("name", name)
            .with("suspended", true)
            .with("reason", reason));
  }

  private void append(EntryType type, String... members) {
    var entry = Entry.of(type, Instant.now());
    for (int i = 0; i < members.length; i += 2) {
      entry = entry.with(members[i], members[i + 1]);
    }
    world.ledger.append(entry);
  }

  private List<Receiver.Got> pushed() {
    return receiver.taken();
  }

  private static Map<String, Object> subject(Receiver.Got got) {
    try {
      return SignedJWT.parse(got.text()).getJWTClaimsSet().getJSONObjectClaim("sub_id");
    } catch (ParseException e) {
      throw new AssertionError(got.text(), e);
    }
  }

  private JWTClaimsSet verified(Receiver.Got got) throws Exception {
    assertThat(got.headers().getFirst("Content-Type")).isEqualTo("application/secevent+jwt");
    assertThat(got.headers().getFirst("Authorization")).isEqualTo("Bearer of-the-bearer");
    var jwt = SignedJWT.parse(got.text());
    assertThat(jwt.getHeader().getType().getType()).isEqualTo("secevent+jwt");
    assertThat(jwt.verify(new ECDSAVerifier(world.transmitter.published()))).isTrue();
    return jwt.getJWTClaimsSet();
  }

  private static Map<String, Object> event(JWTClaimsSet set, String type) throws Exception {
    var events = set.getJSONObjectClaim("events");
    assertThat(events).containsOnlyKeys(CAEP + type);
    return JSONObjectUtils.getJSONObject(events, CAEP + type);
  }
}
