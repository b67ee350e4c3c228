package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.certificates.CertificateConfig;
import dev.remit.server.certificates.Sweeping;
import dev.remit.server.registry.Authentication;
import dev.remit.server.store.CommitFaults;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A task gets certificates, and loses them.
@Tag("R57")
@Tag("R62")
class CertificateTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final PersonName SAM = new PersonName("sam");

  private final TokenWorld world = TokenWorld.certifying(config -> config);

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  @Tag("R60")
  @Tag("R65")
  void a_certificate_says_who_its_identity_is_and_nothing_else() throws Exception {
    var agent = CertifiedAgent.in(world);

    var certificate = agent.certificate();
    certificate.verify(agent.authority().getPublicKey());
    assertThat(certificate.getPublicKey()).isEqualTo(agent.key().getPublic());
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(6, TokenWorld.AGENT));
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getKeyUsage())
        .containsExactly(true, false, false, false, false, false, false, false, false);
    assertThat(certificate.getExtendedKeyUsage())
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getSerialNumber().bitLength()).isGreaterThan(64);
    assertThat(certificate.getNotBefore().toInstant())
        .isEqualTo(world.now().minus(Duration.ofSeconds(30)));
    assertThat(new String(certificate.getExtensionValue("2.5.29.31"), StandardCharsets.ISO_8859_1))
        .contains("https://remit.example/spiffe/crl/" + agent.authorityId());
    var authority = agent.authority();
    assertThat(authority.getSubjectAlternativeNames())
        .containsExactly(List.of(6, "spiffe://remit.local"));
    assertThat(authority.getBasicConstraints()).isZero();
    assertThat(authority.getKeyUsage())
        .containsExactly(false, false, false, false, false, true, true, false, false);
  }

  @Test
  @Tag("R64")
  void it_ends_with_the_token_it_was_issued_for_and_that_by_the_class_of_its_workload() {
    var token = world.token();
    world.clock.pass(Duration.ofMinutes(2));

    var agent = CertifiedAgent.with(world, token);

    assertThat(agent.certificate().getNotAfter().toInstant().getEpochSecond())
        .isEqualTo(TokenWorld.claims(token).path("exp").longValue());
  }

  @Test
  @Tag("R10")
  @Tag("R73")
  void the_record_tells_its_whole_life() {
    var agent = CertifiedAgent.in(world);

    world.post("/v1/tasks/" + agent.task() + "/complete", agent.token(), "");

    var intended = world.entries("credential.intended").getFirst();
    assertThat(intended.path("credential").stringValue()).isEqualTo(agent.id());
    assertThat(intended.path("kind").stringValue()).isEqualTo("certificate");
    assertThat(intended.path("task").stringValue()).isEqualTo(agent.task());
    assertThat(intended.path("workflow").stringValue()).isEqualTo("invoices");
    assertThat(intended.path("serial").stringValue())
        .isEqualTo(agent.certificate().getSerialNumber().toString(16));
    assertThat(world.entries("credential.issued").getFirst().path("thumbprint").stringValue())
        .isEqualTo(Holders.thumbprint(agent.certificate()));
    assertThat(world.entries("credential.revoking").getFirst().path("reason").stringValue())
        .isEqualTo("task-ended");
    var ended = world.entries("credential.ended").getFirst();
    assertThat(ended.path("reason").stringValue()).isEqualTo("task-ended");
    assertThat(ended.path("list").longValue()).isPositive();
  }

  @Test
  @Tag("R68")
  @Tag("R69")
  void when_its_task_ends_it_is_on_the_list_before_the_answer_and_that_is_measured() {
    var agent = CertifiedAgent.in(world);
    var other = CertifiedAgent.in(world);

    var done = world.post("/v1/tasks/" + agent.task() + "/complete", agent.token(), "");

    assertThat(agent.isListed(world.first())).isTrue();
    assertThat(other.isListed(world.first())).isFalse();
    assertThat(done.json().at("/credentials/gone").longValue()).isEqualTo(1);
    assertThat(done.json().at("/credentials/left").longValue()).isZero();
    var parts = done.json().at("/outcome/parts");
    assertThat(parts.valueStream())
        .filteredOn(part -> part.path("part").asString("").equals("certificates"))
        .singleElement()
        .satisfies(part -> assertThat(part.path("count").longValue()).isEqualTo(1));
  }

  @Test
  @Tag("R12")
  void whoever_is_stopped_loses_its_certificates_and_gets_none() {
    for (var party :
        List.of(
            Party.of(new IdentityName("invoice-agent")),
            Party.of(new WorkflowName("invoices")),
            Party.of(new PersonName("anna")),
            Party.key(Authentication.thumbprint(world.agentKey)))) {
      var agent = CertifiedAgent.in(world);

      world.first().authorization.standings().suspend(party, SAM, "stop", world.now());

      await().atMost(SOON).until(() -> agent.isListed(world.first()));
      var refused = CertifiedAgent.ask(world, agent.token(), Csr.of(Csr.ec("secp256r1")).pem());
      assertThat(refused.status()).as(party.toString()).isEqualTo(401);
      world.resume(party);
      assertThat(agent.isListed(world.first())).as("it does not come back").isTrue();
    }
    assertThat(world.count("certificate")).isEqualTo(4);
  }

  @Test
  void a_token_that_is_withdrawn_takes_its_certificates_along_and_another_of_the_task_stays() {
    var agent = CertifiedAgent.in(world);
    var other = CertifiedAgent.in(world);

    var sam = world.operator("sam");
    world.post(
        "/v1/tokens/" + TokenWorld.claims(agent.token()).path("jti").stringValue() + "/suspend",
        sam,
        "{\"reason\":\"lost\"}");

    await().atMost(SOON).until(() -> agent.isListed(world.first()));
    assertThat(other.isListed(world.first())).isFalse();
  }

  @Test
  void a_roll_of_the_keys_of_tokens_takes_every_certificate_along() {
    var agent = CertifiedAgent.in(world);

    world.post("/v1/keys/roll", world.operator("sam"), "{\"reason\":\"lost\"}");

    await().atMost(SOON).until(() -> agent.isListed(world.first()));
  }

  @Test
  void a_task_has_so_many_at_once_and_no_more() {
    var token = world.token();
    for (int i = 0; i < CertificateConfig.of(TokenWorld.ISSUER, "x").perTaskMax(); i++) {
      CertifiedAgent.with(world, token);
    }

    var refused = CertifiedAgent.ask(world, token, Csr.of(Csr.ec("secp256r1")).pem());

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text()).contains("too-many-certificates");
  }

  @Test
  void one_that_has_run_out_is_over_and_on_no_list() {
    var agent = CertifiedAgent.in(world);

    world.clock.pass(Duration.ofMinutes(20));

    await().atMost(SOON).until(() -> world.entries("credential.ended").size() == 1);
    assertThat(world.entries("credential.ended").getFirst().path("reason").stringValue())
        .isEqualTo("expired");
    assertThat(agent.isListed(world.first())).isFalse();
  }

  @Test
  void only_a_task_that_is_at_work_gets_one() {
    var csr = Csr.of(Csr.ec("secp256r1")).pem();

    assertThat(CertifiedAgent.ask(world, "", csr).status()).isEqualTo(401);
    assertThat(CertifiedAgent.ask(world, world.operator("sam"), csr).status()).isEqualTo(403);
    var token = world.token();
    world.clock.pass(Duration.ofMinutes(20));
    assertThat(CertifiedAgent.ask(world, token, csr).status()).isEqualTo(401);
    assertThat(world.count("certificate")).isZero();
  }

  private static String changing(String state) {
    return "SELECT 1 FROM certificate WHERE xmin = pg_current_xact_id_if_assigned()::xid"
        + " AND state = '"
        + state
        + "'";
  }

  /// Each half of a failing commit, at the intent and at what makes it active.
  @ParameterizedTest
  @EnumSource
  void nobody_gets_one_whose_record_failed_and_what_may_be_signed_is_revoked(
      CommitFaults.Fault fault) {
    for (var state : List.of("INTENT", "ACTIVE")) {
      var token = world.token();
      world.faultsWhen.fail(fault, changing(state));

      var answer = CertifiedAgent.ask(world, token, Csr.of(Csr.ec("secp256r1")).pem());

      assertThat(world.faultsWhen.hasFailed()).as(state).isTrue();
      // The ledger reads back what it does not know; then what was stored simply goes on.
      assertThat(answer.status()).as(state + answer.text()).isIn(201, 503);
      assertThat(answer.text().contains("BEGIN CERTIFICATE")).isEqualTo(answer.status() == 201);
      world.post("/v1/tasks/" + TokenWorld.task(token) + "/complete", token, "");
    }
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(world.count("certificate WHERE state IN ('INTENT', 'ACTIVE', 'REVOKING')"))
                .isZero());
    assertThat(world.entries("credential.ended")).hasSize((int) world.count("certificate"));
  }

  /// And at the mark that it ends, and at the list that tells it.
  @ParameterizedTest
  @EnumSource
  void one_ends_although_the_record_of_its_ending_failed(CommitFaults.Fault fault) {
    for (var state : List.of("REVOKING", "REVOKED")) {
      var agent = CertifiedAgent.in(world);
      world.faultsWhen.fail(fault, changing(state));

      world.post("/v1/tasks/" + agent.task() + "/complete", agent.token(), "");

      await().atMost(SOON).until(world.faultsWhen::hasFailed);
      await().atMost(SOON).until(() -> agent.isListed(world.first()));
      assertThat(world.entries("credential.ended"))
          .filteredOn(entry -> entry.path("credential").asString("").equals(agent.id()))
          .hasSize(1);
    }
  }

  /// Whoever was making it died after the intent.
  @Test
  void one_that_nobody_finishes_making_is_revoked() {
    var agent = CertifiedAgent.in(world);
    world.tampered = true;
    world
        .first()
        .database
        .run(tx ->
            tx.update(
                "UPDATE certificate SET state = 'INTENT', active_at = NULL, thumbprint = NULL"));

    world.clock.pass(Duration.ofMinutes(1));

    await().atMost(SOON).until(() -> agent.isListed(world.first()));
    assertThat(world.entries("credential.ended").getFirst().path("reason").stringValue())
        .isEqualTo("not-issued");
  }

  /// The task ends between the intent and the hand-over: either nothing is handed out, or what was
  /// is on the list.
  @Test
  void of_many_that_are_asked_for_while_the_task_ends_none_holds_afterwards() throws Exception {
    for (int round = 0; round < 5; round++) {
      var token = world.token();
      var keys = List.of(Csr.ec("secp256r1"), Csr.ec("secp256r1"), Csr.ec("secp256r1"));
      var asking =
          keys.stream()
              .map(key ->
                  Thread.ofVirtual()
                      .start(() -> CertifiedAgent.ask(world, token, Csr.of(key).pem())))
              .toList();

      world
          .first()
          .authorization
          .tasks()
          .complete(new TaskId(TokenWorld.task(token)), "sam", world.now());
      for (var thread : asking) {
        thread.join();
      }

      await()
          .atMost(SOON)
          .until(() ->
              world.count("certificate WHERE state IN ('INTENT', 'ACTIVE', 'REVOKING')") == 0);
    }
    assertThat(world.entries("credential.issued").size())
        .isLessThanOrEqualTo(world.entries("credential.ended").size());
  }

  @Test
  void two_nodes_that_revoke_at_once_serve_the_same_list() throws Exception {
    var second = world.node();
    var agents =
        List.of(
            CertifiedAgent.in(world),
            CertifiedAgent.in(world),
            CertifiedAgent.in(world),
            CertifiedAgent.in(world));

    var ending =
        agents.stream()
            .map(agent ->
                Thread.ofVirtual()
                    .start(() ->
                        world.send(
                            agents.indexOf(agent) % 2 == 0 ? world.first() : second,
                            "POST",
                            "/v1/tasks/" + agent.task() + "/complete",
                            List.of("Authorization", "Bearer " + agent.token()),
                            "application/json",
                            "")))
            .toList();
    for (var thread : ending) {
      thread.join();
    }

    for (var node : List.of(world.first(), second)) {
      for (var agent : agents) {
        await().atMost(SOON).until(() -> agent.isListed(node));
      }
    }
    assertThat(world.entries("credential.ended")).hasSize(4);
  }

  @Test
  void an_identity_that_is_no_longer_declared_so_keeps_none() {
    var agent = CertifiedAgent.in(world);
    world.retire(
        TokenWorld.agent(new Authentication.PrivateKeyJwt(List.of(world.agentKey.toPublicJWK()))));
    var refused = CertifiedAgent.ask(world, agent.token(), Csr.of(Csr.ec("secp256r1")).pem());

    assertThat(refused.status()).isEqualTo(401);
    Sweeping.now(world.first().certificates.orElseThrow());
    assertThat(agent.isListed(world.first())).isTrue();
  }
}
