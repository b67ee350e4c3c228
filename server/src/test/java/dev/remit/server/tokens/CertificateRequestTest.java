package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a request for a certificate may say.
@Tag("R62")
class CertificateRequestTest {
  private static final String OTHER = "spiffe://remit.local/invoices/somebody-else";
  private static TokenWorld world;
  private static String token;

  @BeforeAll
  static void start() {
    world = TokenWorld.certifying(config -> config);
    token = world.token();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static Arguments wrong(String what, String csr, String reason) {
    return Arguments.of(what, csr, reason);
  }

  private static String asking(UnaryOperator<Csr> more) {
    return more.apply(Csr.of(Csr.ec("secp256r1"))).pem();
  }

  /// The same request with its last byte, which is of the signature, another one.
  private static String altered() {
    var pem = asking(csr -> csr);
    var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    der[der.length - 1] ^= 1;
    return Csr.pem("CERTIFICATE REQUEST", der);
  }

  private static String notOnTheCurve() {
    var pem = asking(csr -> csr);
    var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    // Somewhere in the point; what comes of it is no key, or not the one that has signed.
    der[90] ^= 0x55;
    return Csr.pem("CERTIFICATE REQUEST", der);
  }

  static Stream<Arguments> wrongRequests() {
    KeyPair ours = Csr.ec("secp256r1");
    return Stream.of(
        wrong("empty", "", "csr-unreadable"),
        wrong(
            "garbage",
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE" + " REQUEST-----",
            "csr-unreadable"),
        wrong("no PEM", "MIIBAAAA", "csr-unreadable"),
        wrong("oversized", Csr.pem("CERTIFICATE REQUEST", new byte[40_000]), "csr-unreadable"),
        wrong("twice", asking(csr -> csr) + asking(csr -> csr), "csr-unreadable"),
        wrong(
            "a certificate",
            Csr.pem(
                "CERTIFICATE REQUEST",
                TestCertificates.authority("CN=x", world.now()).certificate().getSignature()),
            "csr-unreadable"),
        wrong("altered", altered(), "csr-signature"),
        wrong("point altered", notOnTheCurve(), "csr-signature"),
        wrong(
            "signed with another key",
            Csr.of(ours).signedWith(Csr.ec("secp256r1")).pem(),
            "csr-signature"),
        wrong("SHA-1", Csr.of(ours).hashedWith("SHA1").pem(), "csr-signature"),
        wrong("RSA 1024", Csr.of(Csr.rsa(1024)).pem(), "csr-key"),
        wrong("P-521", Csr.of(Csr.ec("secp521r1")).pem(), "csr-key"),
        wrong("another's SPIFFE ID", asking(csr -> csr.uri(OTHER)), "csr-extension"),
        wrong("two names", asking(csr -> csr.uri(TokenWorld.AGENT, OTHER)), "csr-extension"),
        wrong(
            "a host's name",
            asking(csr ->
                csr.asking(
                    Extension.subjectAlternativeName,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, "bank.example")))),
            "csr-extension"),
        wrong(
            "CA:TRUE",
            asking(csr -> csr.asking(Extension.basicConstraints, new BasicConstraints(true))),
            "csr-extension"),
        wrong(
            "keyCertSign",
            asking(csr ->
                csr.asking(
                    Extension.keyUsage,
                    new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign))),
            "csr-extension"),
        wrong(
            "for code signing",
            asking(csr ->
                csr.asking(
                    Extension.extendedKeyUsage,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning))),
            "csr-extension"),
        wrong(
            "name constraints",
            asking(csr -> csr.asking(Extension.nameConstraints, DERNull.INSTANCE)),
            "csr-extension"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongRequests")
  void a_request_that_is_wrong_in_one_respect_is_refused_with_its_reason(
      String what, String csr, String reason) {
    long before = world.count("certificate");

    var answer = CertifiedAgent.ask(world, token, csr);

    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.json().path("type").asString("")).as(what).endsWith(reason);
    assertThat(answer.json().path("remedy").asString(answer.text())).isNotBlank();
    assertThat(world.count("certificate")).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"csr\":1}", "{\"csr\":\"x\",\"hours\":9}", "[]", "{"})
  void a_body_that_is_none_is_told_how(String body) {
    var answer = world.post("/v1/svids/x509", token, body);

    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
  }

  static List<String> goodRequests() {
    return List.of(
        asking(csr -> csr.uri(TokenWorld.AGENT)),
        asking(csr -> csr.asking(Extension.basicConstraints, new BasicConstraints(false))),
        Csr.of(Csr.ec("secp384r1")).hashedWith("SHA384").pem(),
        Csr.of(Csr.rsa(2048)).pem(),
        asking(csr -> csr).replace("BEGIN ", "BEGIN NEW ").replace("END ", "END NEW "));
  }

  @ParameterizedTest
  @MethodSource("goodRequests")
  void a_request_that_asks_for_what_it_gets_anyway_is_taken(String csr) {
    var fresh = world.token();

    var answer = CertifiedAgent.ask(world, fresh, csr);

    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    world.post("/v1/tasks/" + TokenWorld.task(fresh) + "/complete", fresh, "");
  }
}
