package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.server.certificates.Sweeping;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What others can know about which certificates hold, with what they have: OpenSSL, and the
/// platform's own checker.
@Tag("R12")
@Tag("R65")
class RevocationListTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final TokenWorld world = TokenWorld.certifying(config -> config);
  @TempDir private Path directory;

  @AfterEach
  void close() {
    world.close();
  }

  private void complete(CertifiedAgent agent) {
    world.post("/v1/tasks/" + agent.task() + "/complete", agent.token(), "");
  }

  private static long number(X509CRL list) {
    try {
      var value = JcaX509ExtensionUtils.parseExtensionValue(list.getExtensionValue("2.5.29.20"));
      return ASN1Integer.getInstance(value).getValue().longValueExact();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A request that OpenSSL has made, and a chain and a list that it looks at.
  @Test
  void openssl_believes_a_certificate_until_it_is_revoked() throws Exception {
    assumeTrue(OpenSsl.isThere(), "openssl is not installed: install it to run this");
    var ssl = new OpenSsl(directory);
    ssl.run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "svid.key");
    var made = ssl.run("req", "-new", "-key", "svid.key", "-subj", "/", "-out", "svid.csr");
    assertThat(made.status()).as(made.output()).isZero();
    var token = world.token();
    var told = CertifiedAgent.ask(world, token, ssl.read("svid.csr")).json();
    var agent = CertifiedAgent.of(told, token, Csr.ec("secp256r1"));
    ssl.write("svid.pem", told.path("certificate").stringValue());
    ssl.write("authorities.pem", told.path("authorities").stringValue());

    ssl.write("before.crl", Csr.pem("X509 CRL", agent.list(world.first()).getEncoded()));
    complete(agent);
    ssl.write("after.crl", Csr.pem("X509 CRL", agent.list(world.first()).getEncoded()));

    var before = verify(ssl, "before.crl");
    var after = verify(ssl, "after.crl");
    assertThat(before.output()).contains("svid.pem: OK");
    assertThat(before.status()).isZero();
    assertThat(after.output()).contains("certificate revoked");
    assertThat(after.status()).isNotZero();
    assertThat(ssl.run("crl", "-in", "after.crl", "-noout", "-text").output())
        .contains("Version 2", "Cessation Of Operation", "X509v3 CRL Number");
  }

  private OpenSsl.Said verify(OpenSsl ssl, String list) {
    return ssl.run(
        "verify",
        "-x509_strict",
        "-crl_check",
        "-attime",
        Long.toString(world.now().getEpochSecond()),
        "-CAfile",
        "authorities.pem",
        "-CRLfile",
        list,
        "svid.pem");
  }

  @Test
  void the_platforms_checker_believes_a_certificate_until_it_is_revoked() throws Exception {
    var agent = CertifiedAgent.in(world);

    validate(agent, agent.list(world.first()));
    complete(agent);

    assertThatThrownBy(() -> validate(agent, agent.list(world.first())))
        .isInstanceOfSatisfying(
            CertPathValidatorException.class,
            e ->
                assertThat(e.getReason())
                    .isEqualTo(CertPathValidatorException.BasicReason.REVOKED));
  }

  private void validate(CertifiedAgent agent, X509CRL list) throws GeneralSecurityException {
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(agent.authority(), null)));
    parameters.setDate(Date.from(world.now()));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(list))));
    var validator = CertPathValidator.getInstance("PKIX");
    var checker = (PKIXRevocationChecker) validator.getRevocationChecker();
    checker.setOptions(
        EnumSet.of(
            PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
    parameters.addCertPathChecker(checker);
    validator.validate(
        CertificateFactory.getInstance("X.509").generateCertPath(List.of(agent.certificate())),
        parameters);
  }

  @Test
  void each_list_follows_the_one_before_it_and_says_until_when_it_is_good() {
    var agent = CertifiedAgent.in(world);
    var first = agent.list(world.first());

    complete(agent);

    var second = agent.list(world.first());
    assertThat(number(second)).isGreaterThan(number(first));
    assertThat(second.getNextUpdate().toInstant())
        .isEqualTo(world.now().plus(Duration.ofMinutes(10)));
    assertThat(second.getThisUpdate().toInstant()).isBefore(world.now());
  }

  @Test
  void a_list_is_renewed_before_it_runs_out_although_nothing_was_revoked() {
    var agent = CertifiedAgent.in(world);
    var first = agent.list(world.first());

    world.clock.pass(Duration.ofMinutes(6));

    await().atMost(SOON).until(() -> number(agent.list(world.first())) > number(first));
    assertThat(agent.list(world.first()).getNextUpdate().toInstant())
        .isAfter(first.getNextUpdate().toInstant());
  }

  @Test
  void one_leaves_the_list_a_while_after_it_has_expired() {
    var agent = CertifiedAgent.in(world);
    complete(agent);
    var expires = agent.certificate().getNotAfter().toInstant();

    world.clock.pass(Duration.between(world.now(), expires).plusSeconds(1));
    Sweeping.now(world.first().certificates.orElseThrow());
    boolean justAfter = agent.isListed(world.first());
    world.clock.pass(Duration.ofMinutes(11));
    Sweeping.now(world.first().certificates.orElseThrow());

    assertThat(justAfter).isTrue();
    assertThat(agent.isListed(world.first())).isFalse();
  }

  @Test
  void one_is_taken_back_by_itself_and_the_task_keeps_the_others() {
    var token = world.token();
    var agent = CertifiedAgent.with(world, token);
    var other = CertifiedAgent.with(world, token);

    world.first().certificates.orElseThrow().revoke(new CredentialId(agent.id()), "sam");

    assertThat(agent.isListed(world.first())).isTrue();
    assertThat(other.isListed(world.first())).isFalse();
    assertThat(world.entries("credential.revoking").getFirst().path("by").stringValue())
        .isEqualTo("sam");
  }

  @Test
  void of_two_who_revoke_one_at_once_one_does() throws Exception {
    var agent = CertifiedAgent.in(world);
    var id = new CredentialId(agent.id());
    var second = world.node();

    var both =
        List.of(world.first(), second).stream()
            .map(node ->
                Thread.ofVirtual().start(() -> node.certificates.orElseThrow().revoke(id, "sam")))
            .toList();
    for (var thread : both) {
      thread.join();
    }

    assertThat(world.entries("credential.revoking")).hasSize(1);
    assertThat(world.entries("credential.ended")).hasSize(1);
    assertThat(agent.isListed(second)).isTrue();
  }

  @Test
  void no_authority_no_list() {
    var answer = world.get("/spiffe/crl/" + "0".repeat(32), "");
    var odd = world.get("/spiffe/crl/..%2f..", "");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(odd.status()).isIn(400, 404);
  }

  /// A list of thousands is made in a moment, and each of it is on it.
  @Test
  void thousands_are_listed_at_once() {
    var agent = CertifiedAgent.in(world);
    world.tampered = true;
    world
        .first()
        .database
        .run(tx ->
            tx.update(
                """
                INSERT INTO certificate (id, task, token, identity, subject, workflow, owner,
                       beside, epochs, authority, serial, key, state, intended_at, expires_at)
                SELECT 'cred_' || lpad(n::text, 26, '0'), task, token, identity, subject, workflow,
                       owner, beside, epochs, authority, to_hex(n), key, state, intended_at,
                       expires_at
                  FROM certificate, generate_series(1, 3000) AS n
                """));

    complete(agent);

    var list = agent.list(world.first());
    assertThat(list.getRevokedCertificates()).hasSize(3001);
    assertThat(list.getRevokedCertificate(BigInteger.valueOf(0x7ff))).isNotNull();
    assertThat(world.entries("credential.ended")).hasSize(3001);
  }
}
