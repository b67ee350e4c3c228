package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.registry.Authentication;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TokensTest {
  private final TokenWorld world = new TokenWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_good_token_says_who_acts_for_which_task_and_how_far() {
    var token = world.token();

    var check = world.first().check(token);

    assertThat(check).isInstanceOf(TokenCheck.Good.class);
    var claims = ((TokenCheck.Good) check).claims();
    assertThat(claims.identity().value()).isEqualTo("invoice-agent");
    assertThat(claims.subject().value()).isEqualTo(TokenWorld.AGENT);
    assertThat(claims.workflow().value()).isEqualTo("invoices");
    assertThat(claims.task().value()).isEqualTo(TokenWorld.task(token));
    assertThat(claims.intent()).isEqualTo("read-invoices");
    assertThat(claims.expiresAt()).isEqualTo(world.now().plus(Duration.ofMinutes(5)));
    assertThat(claims.scope().expiresAt()).isEqualTo(claims.expiresAt());
  }

  @Test
  void no_token_is_missing_and_an_audience_of_another_resource_is_wrong() {
    var token = world.token();
    var mail = URI.create("https://remit.example/mcp/mail");

    assertThat(world.first().check("")).isEqualTo(new TokenCheck.Missing());
    assertThat(world.first().authorization.tokens().check(token, mail, world.now()))
        .isEqualTo(new TokenCheck.WrongAudience(mail));
  }

  @Test
  void a_token_ends_at_its_last_second_and_is_not_taken_before_its_time() {
    var token = world.token();
    var issued = world.now();
    var tokens = world.first().authorization.tokens();
    var audience = URI.create(TokenWorld.AUDIENCE);

    assertThat(tokens.check(token, audience, issued.plusSeconds(299)))
        .isInstanceOf(TokenCheck.Good.class);
    assertThat(tokens.check(token, audience, issued.plusSeconds(300)))
        .isEqualTo(new TokenCheck.Expired(issued.plusSeconds(300)));
    assertThat(tokens.check(token, audience, issued.minusSeconds(30)))
        .isInstanceOf(TokenCheck.Good.class);
    assertThat(tokens.check(token, audience, issued.minusSeconds(31)))
        .isEqualTo(new TokenCheck.Invalid("from-the-future"));
  }

  @Test
  void what_this_server_did_not_sign_as_a_task_token_is_invalid() throws Exception {
    var good = world.token();
    var parts = good.split("\\.", -1);
    var stranger = TestIssuer.fresh(kid(good));
    var es256 = header(JWSAlgorithm.ES256, "at+jwt", kid(good));
    byte[] publicKey =
        world.get("/oauth2/jwks", "").text().repeat(2).getBytes(StandardCharsets.UTF_8);

    assertInvalid("malformed", "x");
    assertInvalid("malformed", "a.b.c");
    assertInvalid("malformed", base64("{\"alg\":\"none\"}") + "." + parts[1] + ".");
    assertInvalid("malformed", good + ".x.y");
    assertInvalid("too-long", good + "x".repeat(9000));
    assertInvalid("bad-signature", signed(es256, claimsOf(good), new ECDSASigner(stranger)));
    assertInvalid("bad-signature", parts[0] + "." + widened(parts[1]) + "." + parts[2]);
    assertInvalid("malformed", parts[0] + "." + parts[1] + ".");
    assertInvalid(
        "wrong-algorithm",
        signed(
            header(JWSAlgorithm.HS256, "at+jwt", kid(good)),
            claimsOf(good),
            new MACSigner(publicKey)));
    assertInvalid(
        "wrong-type",
        signed(
            header(JWSAlgorithm.ES256, "JWT", kid(good)),
            claimsOf(good),
            new ECDSASigner(stranger)));
    assertInvalid(
        "unknown-key",
        signed(
            header(JWSAlgorithm.ES256, "at+jwt", "nobody"),
            claimsOf(good),
            new ECDSASigner(stranger)));
    assertInvalid("wrong-type", world.proof().sign());
  }

  @Test
  @Tag("R68")
  void completing_a_task_ends_its_tokens_at_once_also_those_that_were_checked_before() {
    var token = world.token();
    var ended = new ArrayList<TaskId>();
    world.first().authorization.tasks().onEnded(ended::add);
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);
    var task = new TaskId(TokenWorld.task(token));

    var answer = world.post("/v1/tasks/" + task + "/complete", token, Map.of());

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("endedBy").stringValue()).isEqualTo(TokenWorld.AGENT);
    assertThat(world.first().check(token)).isEqualTo(new TokenCheck.TaskEnded(task));
    assertThat(ended).containsExactly(task);
    assertThat(world.get("/v1/tasks/" + task, token).status()).isEqualTo(401);
    assertThat(world.entries("task.completed"))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.path("by").stringValue()).isEqualTo(TokenWorld.AGENT);
          assertThat(entry.path("identity").stringValue()).isEqualTo(TokenWorld.AGENT);
        });
  }

  @Test
  void completing_twice_changes_and_records_nothing_more() {
    var token = world.token();
    var task = new TaskId(TokenWorld.task(token));
    var tasks = world.first().authorization.tasks();
    tasks.complete(task, "anna", world.now());
    world.clock.pass(Duration.ofSeconds(1));

    var again = tasks.complete(task, "sam", world.now());

    assertThat(again.flatMap(Task::ended).map(Task.Ending::by)).contains("anna");
    assertThat(world.entries("task.completed")).hasSize(1);
  }

  @Test
  void a_task_is_ended_by_itself_its_owner_security_or_an_admin_and_by_nobody_else() {
    var token = world.token();
    var other = world.token();
    var path = "/v1/tasks/" + TokenWorld.task(token) + "/complete";

    assertThat(world.post(path, "", Map.of()).status()).isEqualTo(401);
    assertThat(world.post(path, other, Map.of()).status()).isEqualTo(404);
    assertThat(world.get("/v1/tasks/" + TokenWorld.task(token), other).status()).isEqualTo(404);
    assertThat(world.post(path, world.operator("aude"), Map.of()).status()).isEqualTo(403);
    assertThat(world.post(path, world.operator("otto"), Map.of()).status()).isEqualTo(403);
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);
    assertThat(world.post(path, world.operator("anna"), Map.of()).status()).isEqualTo(200);
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.TaskEnded.class);
  }

  @Test
  void a_task_that_runs_out_is_recorded_as_ended_by_expiry() {
    var task = new TaskId(TokenWorld.task(world.token()));
    world.clock.pass(Duration.ofHours(4).plusSeconds(1));

    int swept = world.first().authorization.tasks().sweep(world.now());

    assertThat(swept).isEqualTo(1);
    var ended = world.first().authorization.tasks().find(task).orElseThrow();
    assertThat(ended.ended().map(Task.Ending::by)).contains("expiry");
    assertThat(world.entries("task.completed")).hasSize(1);
  }

  @Test
  void a_token_of_what_is_no_longer_registered_is_invalid() {
    var token = world.token();
    assertThat(world.first().check(token)).isInstanceOf(TokenCheck.Good.class);

    world.retire(
        TokenWorld.agent(new Authentication.PrivateKeyJwt(List.of(world.agentKey.toPublicJWK()))));

    assertThat(world.first().check(token))
        .isEqualTo(new TokenCheck.Invalid("no-longer-registered"));
  }

  @Test
  void a_token_of_a_workflow_that_was_retired_or_lost_its_owner_is_invalid() {
    var token = world.token();
    world.declare(TokenWorld.workflow("invoices", "anna", Stage.RETIRED, Optional.empty()));
    var retired = world.first().check(token);
    world.declare(TokenWorld.workflow("invoices", "gone", Stage.PRODUCTION, Optional.empty()));

    var ownerless = world.first().check(token);

    assertThat(retired).isEqualTo(new TokenCheck.Invalid("workflow-retired"));
    assertThat(ownerless).isEqualTo(new TokenCheck.Invalid("owner-inactive"));
  }

  /// A new owner must not bring back what the old owner's suspension ended.
  @Test
  void a_new_owner_does_not_revive_tokens_that_died_with_the_old_ones_suspension() {
    var token = world.token();
    var standings = world.first().authorization.standings();
    standings.suspend(Party.of(new PersonName("anna")), new PersonName("sam"), "left", world.now());

    world.declare(TokenWorld.workflow("invoices", "otto", Stage.PRODUCTION, Optional.empty()));

    assertThat(world.first().check(token))
        .isEqualTo(new TokenCheck.Invalid("from-before-a-suspension"));
  }

  @Test
  void a_withdrawn_token_is_invalid_and_its_task_goes_on() {
    var token = world.token();
    var form = world.form(world.proof().sign());
    form.put(
        "authorization_details", TokenWorld.details("\"task\":\"" + TokenWorld.task(token) + "\""));
    var sister = world.exchange(form).json().path("access_token").stringValue();

    var answer = world.post("/oauth2/revoke", sister, Map.of("token", token));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(world.first().check(token)).isEqualTo(new TokenCheck.Invalid("withdrawn"));
    assertThat(world.first().check(sister)).isInstanceOf(TokenCheck.Good.class);
    assertThat(world.entries("token.revoked")).hasSize(1);
  }

  @Test
  void a_signing_key_outlives_a_restart_and_is_not_in_the_clear_in_the_database() {
    var token = world.token();

    var second = world.node();

    assertThat(second.check(token)).isInstanceOf(TokenCheck.Good.class);
    assertThat(world.count("signing_key")).isEqualTo(1);
    var stored =
        second.database.transact(tx ->
            tx.one(
                    "SELECT wrapped, public_jwk FROM signing_key",
                    row ->
                        new String(row.bytes("wrapped"), StandardCharsets.ISO_8859_1)
                            + row.text("public_jwk"))
                .orElseThrow());
    assertThat(stored).doesNotContain("\"d\"");
  }

  private void assertInvalid(String reasonCode, String token) {
    assertThat(world.first().check(token)).as(token).isEqualTo(new TokenCheck.Invalid(reasonCode));
  }

  private static JWSHeader header(JWSAlgorithm algorithm, String type, String kid) {
    return new JWSHeader.Builder(algorithm).type(new JOSEObjectType(type)).keyID(kid).build();
  }

  private static String signed(JWSHeader header, String claims, JWSSigner signer)
      throws JOSEException {
    var jws = new JWSObject(header, new Payload(claims));
    jws.sign(signer);
    return jws.serialize();
  }

  private static String kid(String token) throws Exception {
    return JWSObject.parse(token).getHeader().getKeyID();
  }

  private static String claimsOf(String token) {
    return TokenWorld.claims(token).toString();
  }

  private static String widened(String claims) {
    var text = new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8);
    return base64(text.replace("read-invoices", "pay-invoices"));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
