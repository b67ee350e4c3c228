package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.http.ServerTls;
import dev.remit.server.registry.Authentication;
import dev.remit.server.tokens.TestCertificates.Held;
import dev.remit.server.tokens.proof.ProofConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whom a certificate of ours convinces: another server that trusts the bundle, a peer over TLS;
/// and ourselves never.
@Tag("R62")
@Tag("R65")
class CertificatePeersTest {
  private final TokenWorld world = TokenWorld.certifying(config -> config);
  @TempDir private Path directory;
  private Held server;

  @BeforeEach
  void haveAServer() {
    // The handshakes go by the real clock.
    world.clock.pass(Duration.between(world.now(), Instant.now()));
    var real = Instant.now();
    server =
        TestCertificates.selfSigned(
            TestCertificates.wanted("CN=remit", real)
                .ip("127.0.0.1")
                .isForServers()
                .holds(real.minus(Duration.ofDays(1)), real.plus(Duration.ofDays(1))));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private int secured(TokenWorld of) {
    return of.first()
        .secured(
            new ServerTls(
                TestCertificates.pem(
                    directory, "tls.crt", "CERTIFICATE", encoded(server.certificate())),
                TestCertificates.pem(
                    directory, "tls.key", "PRIVATE KEY", server.key().getEncoded()),
                true));
  }

  private static Map<String, String> clientId(TokenWorld of, String resource) {
    var form = new LinkedHashMap<>(of.form(""));
    form.keySet().removeAll(List.of("subject_token", "subject_token_type"));
    form.put("grant_type", "client_credentials");
    form.put("client_id", TokenWorld.AGENT);
    form.put("resource", resource);
    return form;
  }

  private record Answer(int status, JsonNode json) {}

  private Answer exchange(int port, Held held, Map<String, String> form) {
    return send(
        held,
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(TokenWorld.encoded(form))));
  }

  private Answer send(Held held, HttpRequest.Builder request) {
    try (var client =
        HttpClient.newBuilder()
            .sslContext(Held.client(List.of(held), server.certificate()))
            .build()) {
      var answer =
          client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), JsonMapper.shared().readTree(answer.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void another_remit_that_trusts_the_bundle_takes_it_as_a_proof() {
    var bundle = URI.create("http://127.0.0.1:" + world.first().server.port() + "/spiffe/bundle");
    try (var other = new TokenWorld(config -> SvidIssuerTest.trusting(config, bundle))) {
      other.clock.pass(Duration.between(other.now(), world.now()));
      other.declare(TokenWorld.agent(new Authentication.Spiffe(new SpiffeId(TokenWorld.AGENT))));
      var form = clientId(other, "https://other.example/mcp/files");
      int port = secured(other);

      var known = exchange(port, CertifiedAgent.in(world).held(), form);
      world.post("/v1/authorities/roll", world.operator("sam"), "{\"reason\":\"lost\"}");
      other.clock.pass(Duration.ofSeconds(30));
      world.clock.pass(Duration.ofSeconds(30));
      var next = exchange(port, CertifiedAgent.in(world).held(), form);

      assertThat(known.status()).as(known.json().toString()).isEqualTo(200);
      assertThat(next.status()).as("the bundle is asked for again").isEqualTo(200);
    }
  }

  /// Else a task's token would become a certificate, and that the next task, for ever. Also where
  /// somebody has configured our own bundle.
  @Test
  void it_proves_nothing_to_the_server_that_has_issued_it() {
    try (var ours =
        new TokenWorld(config -> ownBundle(config, world), Optional.of(config -> config))) {
      ours.clock.pass(Duration.between(ours.now(), Instant.now()));
      var agent = CertifiedAgent.in(ours);
      ours.declare(TokenWorld.agent(new Authentication.Spiffe(new SpiffeId(TokenWorld.AGENT))));
      int port = secured(ours);
      var form = clientId(ours, TokenWorld.AUDIENCE);

      var held = exchange(port, agent.held(), form);
      ours.post("/v1/tasks/" + agent.task() + "/complete", agent.token(), "");
      var revoked = exchange(port, agent.held(), form);

      assertThat(held.json().path("reason").stringValue()).isEqualTo("certificate-of-ours");
      assertThat(revoked.json().path("reason").stringValue()).isEqualTo("certificate-revoked");
    }
  }

  private static TokenConfig ownBundle(TokenConfig config, TokenWorld any) {
    var endpoint = URI.create("http://127.0.0.1:" + any.first().server.port() + "/spiffe/bundle");
    var proofs = config.proofs();
    return new TokenConfig(
        config.issuer(),
        config.skew(),
        config.lifetimes(),
        config.checkedMax(),
        config.staleAfter(),
        config.pollEvery(),
        config.operatorLifetime(),
        config.operatorLifetimeMax(),
        config.delegationsMax(),
        new ProofConfig(
            proofs.issuer(),
            proofs.skew(),
            proofs.ownLifetimeMax(),
            proofs.platformLifetimeMax(),
            proofs.fetch(),
            List.of(),
            List.of(
                new ProofConfig.Bundle(
                    "remit.local", new ProofConfig.Bundle.From.Endpoint(endpoint)))),
        config.holders(),
        config.keys(),
        config.statusTtl(),
        config.svids());
  }

  /// A token that is bound to a certificate of ours ends with it, at every node at once.
  @Test
  @Tag("R12")
  void a_token_that_is_bound_to_it_is_of_no_use_once_it_is_revoked() {
    int port = secured(world);
    var agent = CertifiedAgent.in(world);
    var bound = exchange(port, agent.held(), world.form(world.proof().sign()));
    var token = bound.json().path("access_token").stringValue();
    var path = "/v1/tasks/" + TokenWorld.task(token);

    var before = get(port, agent.held(), path, token);
    world.first().certificates.orElseThrow().revoke(new CredentialId(agent.id()), "sam");
    var after = get(port, agent.held(), path, token);
    var again = exchange(port, agent.held(), world.form(world.proof().sign()));

    assertThat(before.status()).as(before.json().toString()).isEqualTo(200);
    assertThat(after.status()).isEqualTo(401);
    assertThat(again.json().path("reason").stringValue()).isEqualTo("certificate-revoked");
  }

  private Answer get(int port, Held held, String path, String token) {
    return send(
        held,
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + token)
            .GET());
  }

  // Two workloads that know nothing but their certificates and the bundle.

  @Test
  void two_workloads_meet_over_tls_until_one_of_them_is_revoked() throws Exception {
    world.declare(
        TokenWorld.identity(
            "clerk",
            "invoices",
            new Authentication.PrivateKeyJwt(List.of(world.agentKey.toPublicJWK()))));
    var client = CertifiedAgent.in(world);
    var clerk = CertifiedAgent.in(world);

    var met = meet(client, clerk);
    world.post("/v1/tasks/" + client.task() + "/complete", client.token(), "");

    assertThat(met).isEqualTo(TokenWorld.AGENT);
    assertThatThrownBy(() -> meet(client, clerk))
        .hasCauseInstanceOf(SSLException.class)
        .hasStackTraceContaining("CertificateRevokedException");
  }

  /// Both look at the list, and the server says whom it has met.
  private String meet(CertifiedAgent client, CertifiedAgent host) throws Exception {
    var list = client.list(world.first());
    try (var listening =
            context(host, list)
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ((SSLServerSocket) listening).setNeedClientAuth(true);
      var met =
          threads.submit(() -> {
            try (var socket = (SSLSocket) listening.accept()) {
              socket.setSoTimeout(10_000);
              socket.startHandshake();
              var peer = (X509Certificate) socket.getSession().getPeerCertificates()[0];
              socket.getOutputStream().write(1);
              return peer.getSubjectAlternativeNames().iterator().next().get(1).toString();
            }
          });
      try (var socket =
          (SSLSocket)
              context(client, list)
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        socket.getInputStream().read();
      } catch (IOException e) {
        // Which of many ways the client hears of it does not matter: the server says why.
        assertThat(e).isNotNull();
      }
      return met.get();
    }
  }

  private static SSLContext context(CertifiedAgent agent, X509CRL list)
      throws GeneralSecurityException, IOException {
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "svid", agent.key().getPrivate(), new char[0], new X509Certificate[] {agent.certificate()});
    var managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, new char[0]);
    var parameters =
        new PKIXBuilderParameters(
            Set.of(new TrustAnchor(agent.authority(), null)), new X509CertSelector());
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(list))));
    var checker =
        (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
    checker.setOptions(
        EnumSet.of(
            PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
    parameters.addCertPathChecker(checker);
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(new CertPathTrustManagerParameters(parameters));
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
