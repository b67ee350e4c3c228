package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.X509CertUtils;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.http.ServerTls;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Authentication.CertifiedName;
import dev.remit.server.registry.Authentication.NameKind;
import dev.remit.server.registry.Identity;
import dev.remit.server.tokens.TestCertificates.Held;
import dev.remit.server.tokens.proof.PemCertificates;
import dev.remit.server.tokens.proof.ProofConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Workloads that authenticate by the certificate they connect with, over real TLS.
@Tag("R62")
@Tag("R65")
class MutualTlsTest {
  private final Instant now = new TestClock().instant();
  private static final String SVID = "spiffe://prod.example/ns/invoices/sa/agent";

  private final TestCertificates authority = TestCertificates.authority("CN=Clients", now);
  private final TestCertificates stranger = TestCertificates.authority("CN=Clients", now);
  private final TestCertificates spire = TestCertificates.authority("O=SPIRE", now);
  @TempDir private Path directory;
  private Held server;
  private TokenWorld world;
  private int port;

  @BeforeEach
  void start() throws IOException {
    var real = Instant.now();
    server =
        TestCertificates.selfSigned(
            TestCertificates.wanted("CN=remit", real)
                .ip("127.0.0.1")
                .isForServers()
                .holds(real.minus(Duration.ofDays(1)), real.plus(Duration.ofDays(1))));
    var bundle = Files.writeString(directory.resolve("bundle.json"), Bundles.of(spire));
    var authorities =
        TestCertificates.pem(
            directory, "clients.pem", "CERTIFICATE", encoded(authority.certificate()));
    world = new TokenWorld(config -> config(config, authorities, bundle));
    port =
        world
            .first()
            .secured(
                new ServerTls(
                    TestCertificates.pem(
                        directory, "tls.crt", "CERTIFICATE", encoded(server.certificate())),
                    TestCertificates.pem(
                        directory, "tls.key", "PRIVATE KEY", server.key().getEncoded()),
                    true));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private static TokenConfig config(TokenConfig config, Path authorities, Path bundle) {
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
            PemCertificates.read(authorities),
            List.of(
                new ProofConfig.Bundle("prod.example", new ProofConfig.Bundle.From.File(bundle)))),
        config.holders(),
        config.keys(),
        config.statusTtl(),
        config.svids());
  }

  // tls_client_auth (RFC 8705, section 2.1).

  @ParameterizedTest
  @CsvSource({
    "SUBJECT, 'CN=agent,O=Example'",
    "DNS, agent.example",
    "URI, https://agent.example/invoices"
  })
  void a_certified_name_is_exchanged_for_a_token_that_is_bound_to_the_certificate(
      NameKind kind, String name) {
    world.declare(TokenWorld.agent(new Authentication.TlsClient(new CertifiedName(kind, name))));
    var held = authority.issue(agent());

    var answer = exchange(held);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("token_type").stringValue()).isEqualTo("Bearer");
    var token = answer.json().path("access_token").stringValue();
    assertThat(TokenWorld.claims(token).path("cnf").path("x5t#S256").stringValue())
        .isEqualTo(thumbprint(held));
    assertThat(world.entries("token.issued").getFirst().path("holder").stringValue())
        .isEqualTo("x5t#S256:" + thumbprint(held));
  }

  @Test
  void every_certificate_that_is_wrong_in_one_respect_is_refused_with_its_reason() {
    world.declare(
        TokenWorld.agent(
            new Authentication.TlsClient(new CertifiedName(NameKind.DNS, "agent.example"))));
    var wrong = new LinkedHashMap<String, Held>();
    wrong.put("certificate-authority", stranger.issue(agent()));
    wrong.put(
        "certificate-name",
        authority.issue(TestCertificates.wanted("CN=other", now).dns("other.example")));
    wrong.put("certificate-use", authority.issue(agent().isForServers()));
    wrong.put(
        "certificate-expired",
        authority.issue(agent().holds(now.minusSeconds(7200), now.minusSeconds(3600))));

    wrong.forEach((reason, held) ->
        assertThat(exchange(held).json().path("reason").stringValue()).isEqualTo(reason));
    var selfMade = exchange(TestCertificates.selfSigned(agent()));
    var none = exchange(List.of(), clientId(TokenWorld.AGENT));
    var another = exchange(List.of(authority.issue(agent())), clientId("spiffe://remit.local/a/b"));

    assertThat(selfMade.json().path("reason").stringValue()).isEqualTo("certificate-authority");
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.json().path("error").stringValue()).isEqualTo("invalid_client");
    assertThat(none.json().path("reason").stringValue()).isEqualTo("certificate-missing");
    assertThat(another.json().path("reason").stringValue()).isEqualTo("identity-unknown");
    assertThat(world.entries("token.issued")).isEmpty();
  }

  @Test
  void an_identity_that_declares_no_certificate_is_not_known_by_one() {
    var answer = exchange(authority.issue(agent()));

    assertThat(answer.json().path("reason").stringValue()).isEqualTo("certificate-undeclared");
  }

  // self_signed_tls_client_auth (RFC 8705, section 2.2).

  @Test
  void a_registered_certificate_of_ones_own_is_as_good() {
    var own = TestCertificates.selfSigned(TestCertificates.wanted("CN=me", now));
    var alike = TestCertificates.selfSigned(TestCertificates.wanted("CN=me", now));
    world.declare(TokenWorld.agent(new Authentication.SelfSignedTls(List.of(thumbprint(own)))));

    assertThat(exchange(own).status()).isEqualTo(200);
    assertThat(exchange(alike).json().path("reason").stringValue())
        .isEqualTo("certificate-unknown");
    world.clock.pass(Duration.ofHours(2));
    assertThat(exchange(own).json().path("reason").stringValue()).isEqualTo("certificate-expired");
  }

  // X.509-SVID.

  @Test
  @Tag("R62")
  void an_svid_of_a_trust_domain_whose_bundle_is_known_is_exchanged() {
    world.declare(spiffe());

    var answer = exchange(spire.issue(svid(SVID)));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @Test
  void an_svid_that_is_another_s_or_that_another_authority_signed_is_refused() {
    world.declare(spiffe());

    var another = exchange(spire.issue(svid("spiffe://prod.example/ns/invoices/sa/other")));
    var twoNames = exchange(spire.issue(svid(SVID).uri("spiffe://prod.example/admin")));
    var otherDomain = exchange(spire.issue(svid("spiffe://dev.example/ns/invoices/sa/agent")));
    var otherAuthority = exchange(stranger.issue(svid(SVID)));
    var anAuthority = exchange(spire.issue(svid(SVID).isAuthority()));

    for (var named : List.of(another, twoNames, otherDomain)) {
      assertThat(named.json().path("reason").stringValue()).isEqualTo("certificate-name");
    }
    for (var signed : List.of(otherAuthority, anAuthority)) {
      assertThat(signed.json().path("reason").stringValue()).isEqualTo("certificate-authority");
    }
  }

  @Test
  void a_trust_domain_without_a_bundle_vouches_for_nobody() {
    var id = "spiffe://unknown.example/agent";
    world.declare(TokenWorld.agent(new Authentication.Spiffe(new SpiffeId(id))));

    assertThat(exchange(spire.issue(svid(id))).json().path("reason").stringValue())
        .isEqualTo("bundle-unavailable");
  }

  // Using a bound token.

  @Test
  void a_token_is_of_no_use_without_the_certificate_it_is_bound_to() {
    world.declare(
        TokenWorld.agent(
            new Authentication.TlsClient(new CertifiedName(NameKind.DNS, "agent.example"))));
    var held = authority.issue(agent());
    var token = exchange(held).json().path("access_token").stringValue();
    var path = "/v1/tasks/" + TokenWorld.task(token);

    var ours = send(List.of(held), get(path, token));
    var thiefs = send(List.of(authority.issue(agent())), get(path, token));
    var nobodys = send(List.of(), get(path, token));
    var plain = world.get(path, token);

    assertThat(ours.status()).as(ours.text()).isEqualTo(200);
    for (var stolen : List.of(thiefs, nobodys)) {
      assertThat(stolen.status()).isEqualTo(401);
      assertThat(stolen.text()).contains("bound to a certificate");
    }
    assertThat(plain.status()).isEqualTo(401);
  }

  @Test
  void who_proves_itself_otherwise_gets_a_token_bound_to_the_certificate_it_connects_with() {
    var held = TestCertificates.selfSigned(TestCertificates.wanted("CN=any", now));

    var answer = exchange(List.of(held), world.form(world.proof().sign()));

    assertThat(
            TokenWorld.claims(answer.json().path("access_token").stringValue())
                .path("cnf")
                .path("x5t#S256")
                .stringValue())
        .isEqualTo(thumbprint(held));
  }

  // RFC 8705.

  @Test
  void the_example_of_the_rfc_has_its_thumbprint() {
    var pem =
        """
        -----BEGIN CERTIFICATE-----
        MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx
        ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG
        SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ
        /Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID
        SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV
        bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=
        -----END CERTIFICATE-----
        """;

    assertThat(Holders.thumbprint(X509CertUtils.parse(pem)))
        .isEqualTo("A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0");
  }

  @Test
  void a_server_that_cannot_read_its_own_certificate_says_which_file() {
    var missing = new ServerTls(Path.of("no.crt"), Path.of("no.key"), false);

    assertThatThrownBy(missing::load)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`server.tls.certificate`: cannot read `no.crt`");
  }

  // Asking.

  private TestCertificates.Wanted agent() {
    return TestCertificates.wanted("CN=agent,O=Example", now)
        .dns("agent.example")
        .uri("https://agent.example/invoices");
  }

  private TestCertificates.Wanted svid(String id) {
    return TestCertificates.wanted("O=SPIRE,C=US", now).uri(id);
  }

  private static Identity spiffe() {
    return TokenWorld.agent(new Authentication.Spiffe(new SpiffeId(SVID)));
  }

  private static String thumbprint(Held held) {
    return Holders.thumbprint(held.certificate());
  }

  private record Answer(int status, String text) {
    JsonNode json() {
      return JsonMapper.shared().readTree(text);
    }
  }

  private Map<String, String> clientId(String id) {
    var form = world.form("");
    form.keySet().removeAll(List.of("subject_token", "subject_token_type"));
    form.put("grant_type", "client_credentials");
    form.put("client_id", id);
    return form;
  }

  private Answer exchange(Held held) {
    return exchange(List.of(held), clientId(TokenWorld.AGENT));
  }

  private Answer exchange(List<Held> held, Map<String, String> form) {
    return send(
        held,
        HttpRequest.newBuilder(at("/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(TokenWorld.encoded(form))));
  }

  private HttpRequest.Builder get(String path, String token) {
    return HttpRequest.newBuilder(at(path)).header("Authorization", "Bearer " + token).GET();
  }

  private URI at(String path) {
    return URI.create("https://127.0.0.1:" + port + path);
  }

  private Answer send(List<Held> held, HttpRequest.Builder request) {
    try (var client =
        HttpClient.newBuilder().sslContext(Held.client(held, server.certificate())).build()) {
      HttpResponse<String> answer =
          client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException("ask over TLS", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
