package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An agent that has got a certificate, and what it was told with it.
///
/// @param authorities of the trust domain then
record CertifiedAgent(
    String id,
    String token,
    KeyPair key,
    X509Certificate certificate,
    List<X509Certificate> authorities) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  static TokenWorld.Response ask(TokenWorld world, String token, String csr) {
    return ask(world, world.first(), token, csr);
  }

  static TokenWorld.Response ask(TokenWorld world, TokenWorld.Node node, String token, String csr) {
    var body = JsonMapper.shared().createObjectNode().put("csr", csr).toString();
    return world.send(
        node,
        "POST",
        "/v1/svids/x509",
        List.of("Authorization", "Bearer " + token),
        "application/json",
        body);
  }

  /// Gets one for a new task.
  static CertifiedAgent in(TokenWorld world) {
    return with(world, world.token());
  }

  static CertifiedAgent with(TokenWorld world, String token) {
    var key = Csr.ec("secp256r1");
    var answer = ask(world, token, Csr.of(key).pem());
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return of(answer.json(), token, key);
  }

  static CertifiedAgent of(JsonNode told, String token, KeyPair key) {
    return new CertifiedAgent(
        told.path("id").stringValue(),
        token,
        key,
        read(told.path("certificate").stringValue()).getFirst(),
        read(told.path("authorities").stringValue()));
  }

  static List<X509Certificate> read(String pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String task() {
    return TokenWorld.task(token);
  }

  TestCertificates.Held held() {
    return new TestCertificates.Held(certificate, key.getPrivate());
  }

  /// The authority that has signed it.
  X509Certificate authority() {
    return authorities.stream()
        .filter(one -> one.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
        .findFirst()
        .orElseThrow();
  }

  /// The name of its authority, as the list is called.
  String authorityId() {
    return new BigInteger(1, authority().getSerialNumber().toByteArray())
        .toString(16)
        .transform(hex -> "0".repeat(32 - hex.length()) + hex);
  }

  /// The list that its authority serves at `node`.
  X509CRL list(TokenWorld.Node node) {
    return list(node, authorityId());
  }

  static X509CRL list(TokenWorld.Node node, String authority) {
    var at = URI.create("http://127.0.0.1:" + node.server.port() + "/spiffe/crl/" + authority);
    try {
      var answer = CLIENT.send(HttpRequest.newBuilder(at).build(), BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type")).contains("application/pkix-crl");
      return (X509CRL)
          CertificateFactory.getInstance("X.509")
              .generateCRL(new ByteArrayInputStream(answer.body()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean isListed(TokenWorld.Node node) {
    return list(node).isRevoked(certificate);
  }
}
