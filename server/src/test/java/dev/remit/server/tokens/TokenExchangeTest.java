package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import dev.remit.kernel.identity.Stage;
import dev.remit.server.registry.Authentication;
import dev.remit.server.store.CommitFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TokenExchangeTest {
  private final TokenWorld world = new TokenWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  @Tag("R57")
  @Tag("R60")
  void a_proof_of_the_identitys_own_key_starts_a_task_and_is_answered_with_its_token()
      throws Exception {
    var form = world.form(world.proof().sign());
    form.put(
        "authorization_details",
        TokenWorld.details("\"intent\":\"read-invoices\",\"tools\":[\"files/read_file\"]"));

    var answer = world.exchange(form);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.raw().headers().firstValue("Cache-Control")).contains("no-store");
    var json = answer.json();
    assertThat(json.path("token_type").stringValue()).isEqualTo("Bearer");
    assertThat(json.path("issued_token_type").stringValue())
        .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
    assertThat(json.path("expires_in").intValue()).isEqualTo(300);
    var token = JWSObject.parse(json.path("access_token").stringValue());
    assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
    assertThat(token.getHeader().getType().getType()).isEqualTo("at+jwt");
    var keys = JWKSet.parse(world.get("/oauth2/jwks", "").text());
    var key = keys.getKeyByKeyId(token.getHeader().getKeyID()).toECKey();
    assertThat(token.verify(new ECDSAVerifier(key))).isTrue();
    assertThat(key.computeThumbprint().toString()).isEqualTo(key.getKeyID());
    var claims = TokenWorld.claims(token.serialize());
    assertThat(claims.path("iss").stringValue()).isEqualTo("https://remit.example");
    assertThat(claims.path("sub").stringValue()).isEqualTo(TokenWorld.AGENT);
    assertThat(claims.path("client_id").stringValue()).isEqualTo(TokenWorld.AGENT);
    assertThat(claims.path("aud").stringValue()).isEqualTo(TokenWorld.AUDIENCE);
    assertThat(claims.path("workflow").stringValue()).isEqualTo("invoices");
    assertThat(claims.path("intent").stringValue()).isEqualTo("read-invoices");
    assertThat(claims.path("authorization_details")).isEqualTo(json.path("authorization_details"));
    assertThat(claims.at("/authorization_details/0/tools/0").stringValue())
        .isEqualTo("files/read_file");
    assertThat(claims.at("/authorization_details/0/task")).isEqualTo(claims.path("task"));
  }

  @Test
  @Tag("R10")
  void task_and_token_are_in_the_ledger_and_the_token_itself_is_not() {
    var token = world.token();

    var started = world.entries("task.started");
    var issued = world.entries("token.issued");
    assertThat(started).hasSize(1);
    assertThat(issued).hasSize(1);
    assertThat(issued.getFirst().path("id")).isEqualTo(TokenWorld.claims(token).path("jti"));
    assertThat(issued.getFirst().path("task").stringValue()).isEqualTo(TokenWorld.task(token));
    assertThat(issued.getFirst().path("workflow").stringValue()).isEqualTo("invoices");
    assertThat(issued.getFirst().toString()).doesNotContain(token.split("\\.", -1)[2]);
  }

  @Test
  void a_client_assertion_is_answered_as_client_credentials() {
    var form = world.form("");
    form.keySet().removeAll(List.of("subject_token", "subject_token_type"));
    form.put("grant_type", "client_credentials");
    form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.put("client_assertion", world.proof().sign());

    var answer = world.exchange(form);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().has("issued_token_type")).isFalse();
    assertThat(world.first().check(answer.json().path("access_token").stringValue()))
        .isInstanceOf(TokenCheck.Good.class);
  }

  @Test
  @Tag("R62")
  void a_platforms_token_is_exchanged_for_a_task_token_as_often_as_it_lives() {
    try (var issuer = new TestIssuer()) {
      world.declare(
          TokenWorld.identity(
              "ci-job",
              "invoices",
              new Authentication.Oidc(
                  issuer.uri(),
                  "remit",
                  "repo:acme/app",
                  Map.of("ref", "refs/heads/main", "/kubernetes.io/namespace", "build"))));
      var proof =
          Proof.of(issuer, "repo:acme/app", world.now())
              .with("ref", "refs/heads/main")
              .with("kubernetes.io", Map.of("namespace", "build"))
              .sign();

      var once = world.exchange(world.form(proof));
      var twice = world.exchange(world.form(proof));

      assertThat(once.status()).as(once.text()).isEqualTo(200);
      assertThat(twice.status()).as(twice.text()).isEqualTo(200);
      assertThat(TokenWorld.claims(once.json().path("access_token").stringValue()).path("sub"))
          .hasToString("\"spiffe://remit.local/invoices/ci-job\"");
      assertThat(issuer.fetches()).isEqualTo(1);
    }
  }

  @Test
  void a_task_is_continued_by_its_own_identity_with_no_more_than_it_had() {
    var form = world.form(world.proof().sign());
    form.put(
        "authorization_details",
        TokenWorld.details(
            "\"intent\":\"read-invoices\",\"tools\":[\"files/a\",\"files/b\"],\"callsMax\":5"));
    var task = world.exchange(form).json().at("/authorization_details/0/task").stringValue();
    var next = world.form(world.proof().sign());
    next.put(
        "authorization_details",
        TokenWorld.details(
            "\"task\":\"" + task + "\",\"tools\":[\"files/b\",\"files/c\"],\"callsMax\":9"));

    var answer = world.exchange(next);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    var details = answer.json().at("/authorization_details/0");
    assertThat(details.path("task").stringValue()).isEqualTo(task);
    assertThat(details.path("tools")).hasToString("[\"files/b\"]");
    assertThat(details.path("callsMax").intValue()).isEqualTo(5);
    assertThat(world.entries("task.started")).hasSize(1);
    assertThat(world.entries("token.issued")).hasSize(2);
  }

  @Test
  void another_identitys_task_is_as_unknown_as_one_that_never_was() {
    var key = TestIssuer.fresh("other-key");
    world.declare(
        TokenWorld.identity(
            "other-agent", "other", new Authentication.PrivateKeyJwt(List.of(key.toPublicJWK()))));
    var task = TokenWorld.task(world.token());
    var foreign =
        world.form(Proof.own("spiffe://remit.local/other/other-agent", key, world.now()).sign());
    foreign.put("authorization_details", TokenWorld.details("\"task\":\"" + task + "\""));

    var answer = world.exchange(foreign);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("error").stringValue())
        .isEqualTo("invalid_authorization_details");
    assertThat(answer.json().path("reason").stringValue()).isEqualTo("task-unknown");
  }

  @Test
  void a_completed_task_is_not_continued() {
    var token = world.token();
    var task = TokenWorld.task(token);
    world.post("/v1/tasks/" + task + "/complete", token, Map.of());
    var form = world.form(world.proof().sign());
    form.put("authorization_details", TokenWorld.details("\"task\":\"" + task + "\""));

    var answer = world.exchange(form);

    assertThat(answer.json().path("reason").stringValue()).isEqualTo("task-ended");
  }

  @Test
  @Tag("R81")
  void a_task_keeps_the_intent_it_was_started_for() {
    var task = TokenWorld.task(world.token());
    var form = world.form(world.proof().sign());
    form.put(
        "authorization_details",
        TokenWorld.details("\"task\":\"" + task + "\",\"intent\":\"pay-invoices\""));

    var answer = world.exchange(form);

    assertThat(answer.json().path("reason").stringValue()).isEqualTo("intent-changed");
  }

  @Test
  void a_proof_is_used_once_whichever_node_it_is_shown_to() {
    var proof = world.proof().sign();
    var first = world.exchange(world.form(proof));

    var second = world.exchange(world.form(proof));

    assertThat(first.status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(400);
    assertThat(second.json().path("reason").stringValue()).isEqualTo("proof-replayed");
    assertThat(world.entries("token.issued")).hasSize(1);
    assertThat(world.entries("exchange.refused")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          grant_type            | password                   | unsupported_grant_type | grant-type
          grant_type            | urn:x:device_code          | unsupported_grant_type | grant-type
          client_secret         | hunter2                    | invalid_client         | shared-secret
          scope                 | all                        | invalid_scope          | scope-unused
          actor_token           | x                          | invalid_request        | unsupported-parameter
          subject_token_type    | urn:x:saml2                | invalid_request        | subject-token-type
          requested_token_type  | urn:x:saml2                | invalid_request        | requested-token-type
          resource              | https://elsewhere/mcp/files| invalid_target         | resource-unknown
          resource              | https://remit.example/mcp/no| invalid_target        | resource-unknown
          resource              | files                      | invalid_target         | resource
          authorization_details | {                          | invalid_authorization_details | details
          authorization_details | []                         | invalid_authorization_details | details
          authorization_details | [{"type":"x"}]             | invalid_authorization_details | details
          authorization_details | [{"type":"https://remit.dev/task","intent":"read-invoices","admin":true}] | invalid_authorization_details | details
          authorization_details | [{"type":"https://remit.dev/task","intent":"read-invoices","tools":["no-slash"]}] | invalid_authorization_details | details
          authorization_details | [{"type":"https://remit.dev/task","intent":"read-invoices","callsMax":0}] | invalid_authorization_details | details
          authorization_details | [{"type":"https://remit.dev/task","intent":"launch-rockets"}] | invalid_authorization_details | intent-unknown
          authorization_details | [{"type":"https://remit.dev/task"}] | invalid_authorization_details | intent-unknown
          authorization_details | [{"type":"https://remit.dev/task","task":"task_1"}] | invalid_authorization_details | details
          """)
  void what_is_asked_wrongly_is_refused_in_oauths_own_words_and_recorded(
      String parameter, String value, String error, String reason) {
    var form = world.form(world.proof().sign());
    form.put(parameter, value);

    var answer = world.exchange(form);

    assertThat(answer.json().path("error").stringValue()).isEqualTo(error);
    assertThat(answer.json().path("reason").stringValue()).isEqualTo(reason);
    assertThat(answer.json().path("error_description").stringValue()).isNotBlank();
    assertThat(world.entries("exchange.refused"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("reason").stringValue()).isEqualTo(reason));
    assertThat(world.entries("token.issued")).isEmpty();
  }

  @Test
  void an_unknown_intent_is_answered_with_those_that_the_workflow_declares() {
    var form = world.form(world.proof().sign());
    form.put("authorization_details", TokenWorld.details("\"intent\":\"rule\""));

    var answer = world.exchange(form);

    assertThat(answer.json().path("error_description").stringValue())
        .contains("pay-invoices, read-invoices");
  }

  @Test
  @Tag("R40")
  void an_expired_pilot_gets_nothing_and_a_pilots_token_ends_with_it() {
    world.declare(
        TokenWorld.workflow(
            "invoices", "anna", Stage.PILOT, Optional.of(world.now().plusSeconds(60))));
    var inTime = world.exchange(world.form(world.proof().sign()));
    world.clock.pass(Duration.ofSeconds(60));

    var late = world.exchange(world.form(world.proof().sign()));

    assertThat(inTime.json().path("expires_in").intValue()).isEqualTo(60);
    assertThat(late.json().path("error").stringValue()).isEqualTo("unauthorized_client");
    assertThat(late.json().path("reason").stringValue()).isEqualTo("pilot-expired");
  }

  @Test
  @Tag("R8")
  void a_workflow_whose_owner_has_left_gets_nothing() {
    world.declare(TokenWorld.person("anna", false));

    var answer = world.exchange(world.form(world.proof().sign()));

    assertThat(answer.json().path("reason").stringValue()).isEqualTo("owner-inactive");
  }

  @Test
  void of_many_who_show_the_same_proof_at_once_exactly_one_gets_a_token() throws Exception {
    var proof = world.proof().sign();

    var statuses = atOnce(40, () -> world.exchange(world.form(proof)).status());

    assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 400).hasSize(39);
    assertThat(world.entries("token.issued")).hasSize(1);
  }

  @Test
  void many_at_once_each_get_a_task_of_their_own() throws Exception {
    var tasks = atOnce(100, () -> TokenWorld.task(world.token()));

    assertThat(tasks).doesNotHaveDuplicates().hasSize(100);
    assertThat(world.entries("task.started")).hasSize(100);
    assertThat(world.entries("token.issued")).hasSize(100);
    assertThat(world.count("task")).isEqualTo(100);
  }

  private static <T> List<T> atOnce(int count, Callable<T> work) throws Exception {
    var all = new ArrayList<T>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var future : executor.invokeAll(Collections.nCopies(count, work))) {
        all.add(future.get());
      }
    }
    return all;
  }

  /// The commit that was lost, and the commit that happened although nobody heard of it. Either way
  /// no token leaves; in the second the proof is spent and the ledger knows.
  @ParameterizedTest
  @EnumSource
  void no_token_is_handed_out_when_it_is_not_known_to_be_recorded(CommitFaults.Fault fault) {
    var form = world.form(world.proof().sign());
    world.token();
    world.failNextCommit(fault);

    var answer = world.exchange(form);

    // The ledger reads back what became of the commit and carries on; a lost one is done again.
    if (answer.status() == 200) {
      assertThat(world.entries("token.issued")).hasSize(2);
      assertThat(world.count("task")).isEqualTo(2);
    } else {
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).doesNotContain("access_token");
      long recorded = fault == CommitFaults.Fault.STORED ? 2 : 1;
      assertThat(world.entries("token.issued")).hasSize((int) recorded);
      assertThat(world.count("task")).isEqualTo(recorded);
    }
    var again = world.exchange(form);
    boolean spent = answer.status() == 200 || fault == CommitFaults.Fault.STORED;
    assertThat(again.status()).as(again.text()).isEqualTo(spent ? 400 : 200);
  }
}
