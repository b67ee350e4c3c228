package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.remit.server.registry.Authentication;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProofsTest {
  private final TokenWorld world = new TokenWorld();

  @AfterEach
  void close() {
    world.close();
  }

  /// Every way in which one workload's own proof can be wrong.
  @SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
  enum Wrong {
    UNSECURED("proof-malformed", w -> unsecured(w)),
    SHARED_KEY_MADE_OF_THE_PUBLIC_KEY("proof-algorithm", w -> hs256(w)),
    ANOTHER_KEY("proof-signature", w -> Proof.own(TokenWorld.AGENT, another(), w.now()).sign()),
    ALTERED("proof-signature", w -> altered(w.proof().sign())),
    TWO_PARTS("proof-malformed", _ -> "abc.def"),
    FIVE_PARTS("proof-malformed", w -> w.proof().sign() + ".abc.def"),
    TOO_LONG("proof-too-long", w -> w.proof().with("x", "y".repeat(20_000)).sign()),
    NESTED("proof-malformed", w -> w.proof().with("x", nested(40)).sign()),
    NOBODY(
        "identity-unknown",
        w -> w.proof().with("iss", "spiffe://a/b").with("sub", "spiffe://a/b").sign()),
    SUBJECT_OF_ANOTHER("identity-unknown", w -> w.proof().with("sub", "spiffe://a/b").sign()),
    NO_ISSUER("issuer-unknown", w -> w.proof().without("iss").sign()),
    INVENTED_ISSUER("issuer-unknown", w -> w.proof().with("iss", "https://evil.example").sign()),
    OTHER_AUDIENCE("proof-audience", w -> w.proof().with("aud", "https://elsewhere").sign()),
    TWO_AUDIENCES(
        "proof-audience",
        w -> w.proof().with("aud", List.of(TokenWorld.ISSUER.toString(), "x")).sign()),
    NO_AUDIENCE("proof-audience", w -> w.proof().without("aud").sign()),
    ETERNAL("proof-eternal", w -> w.proof().without("exp").sign()),
    EXPIRES_AS_TEXT("proof-eternal", w -> w.proof().with("exp", "tomorrow").sign()),
    EXPIRED("proof-expired", w -> w.proof().with("exp", w.now().getEpochSecond() - 31).sign()),
    NOT_YET(
        "proof-from-the-future", w -> w.proof().with("nbf", w.now().getEpochSecond() + 40).sign()),
    FROM_THE_FUTURE(
        "proof-from-the-future", w -> w.proof().with("iat", w.now().getEpochSecond() + 40).sign()),
    LONG_LIVED(
        "proof-long-lived", w -> w.proof().with("exp", w.now().getEpochSecond() + 3600).sign()),
    NO_JTI("proof-jti", w -> w.proof().without("jti").sign()),
    LONG_JTI("proof-jti", w -> w.proof().with("jti", "j".repeat(300)).sign()),
    AN_ACCESS_TOKEN("proof-is-a-token", w -> w.proof().type("at+jwt").sign()),
    ITS_OWN_TASK_TOKEN("proof-is-a-token", w -> w.token());

    private final String reason;
    private final Function<TokenWorld, String> proof;

    Wrong(String reason, Function<TokenWorld, String> proof) {
      this.reason = reason;
      this.proof = proof;
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_proof_that_is_wrong_in_one_respect_is_refused_with_its_reason(Wrong wrong) {
    var answer = world.exchange(world.form(wrong.proof.apply(world)));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("error").stringValue()).isEqualTo("invalid_request");
    assertThat(answer.json().path("reason").stringValue()).isEqualTo(wrong.reason);
    assertThat(world.entries("exchange.refused"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("reason").stringValue()).isEqualTo(wrong.reason));
  }

  @Test
  void a_client_that_cannot_prove_itself_is_an_invalid_client() {
    var form = world.form("");
    form.keySet().removeAll(List.of("subject_token", "subject_token_type"));
    form.put("grant_type", "client_credentials");
    form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.put("client_assertion", Proof.own(TokenWorld.AGENT, another(), world.now()).sign());

    var answer = world.exchange(form);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().path("error").stringValue()).isEqualTo("invalid_client");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES384", "RS256", "PS256", "EdDSA"})
  void every_allowed_algorithm_is_verified(String algorithm) throws Exception {
    var name = JWSAlgorithm.parse(algorithm);
    JWK key =
        switch (algorithm) {
          case "ES384" -> new ECKeyGenerator(Curve.P_384).keyID("k").generate();
          case "EdDSA" -> new OctetKeyPairGenerator(Curve.Ed25519).keyID("k").generate();
          default -> new RSAKeyGenerator(2048).keyID("k").generate();
        };
    world.declare(TokenWorld.agent(new Authentication.PrivateKeyJwt(List.of(key.toPublicJWK()))));
    var proof = Proof.own(TokenWorld.AGENT, key, world.now()).algorithm(name);

    var answer =
        world.exchange(
            world.form(
                algorithm.equals("EdDSA")
                    ? proof.sign(new Ed25519Signer(key.toOctetKeyPair()))
                    : proof.sign()));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @Test
  void a_weak_rsa_key_verifies_nothing() throws Exception {
    var key = new RSAKeyGenerator(1024, true).keyID("k").generate();
    world.declare(TokenWorld.agent(new Authentication.PrivateKeyJwt(List.of(key.toPublicJWK()))));
    var proof = Proof.own(TokenWorld.AGENT, key, world.now()).algorithm(JWSAlgorithm.RS256);

    var answer =
        world.exchange(
            world.form(
                proof.sign(
                    new RSASSASigner(key.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())))));

    assertThat(answer.json().path("reason").stringValue()).isEqualTo("proof-signature");
  }

  @Test
  void a_platforms_proof_that_misses_one_condition_is_nobodys() {
    try (var issuer = new TestIssuer()) {
      world.declare(job(issuer, "ci-job", Map.of("ref", "main")));
      var good = Proof.of(issuer, "job", world.now()).with("ref", "main").sign();
      var otherAudience =
          Proof.of(issuer, "job", world.now()).with("ref", "main").with("aud", "x").sign();
      var otherSubject = Proof.of(issuer, "boss", world.now()).with("ref", "main").sign();
      var otherClaim = Proof.of(issuer, "job", world.now()).with("ref", "feature").sign();
      var noClaim = Proof.of(issuer, "job", world.now()).sign();

      assertThat(world.exchange(world.form(good)).status()).isEqualTo(200);
      for (var bad : List.of(otherAudience, otherSubject, otherClaim, noClaim)) {
        assertThat(reason(bad)).isEqualTo("identity-unknown");
      }
    }
  }

  @Test
  @Tag("R1")
  void a_proof_that_fits_two_identities_is_given_to_neither() {
    try (var issuer = new TestIssuer()) {
      world.declare(job(issuer, "one", Map.of()), job(issuer, "two", Map.of()));

      assertThat(reason(Proof.of(issuer, "job", world.now()).sign()))
          .isEqualTo("identity-ambiguous");
    }
  }

  @Test
  @Tag("R2")
  @Tag("R6")
  void a_persons_login_is_no_workload() {
    try (var issuer = new TestIssuer()) {
      world.declare(job(issuer, "ci-job", Map.of()));
      long now = world.now().getEpochSecond();

      assertThat(reason(Proof.of(issuer, "job", world.now()).with("auth_time", now).sign()))
          .isEqualTo("person-principal");
      assertThat(reason(Proof.of(issuer, "job", world.now()).with("amr", List.of("pwd")).sign()))
          .isEqualTo("person-principal");
      assertThat(reason(Proof.of(issuer, "job", world.now()).with("upn", "x@y").sign()))
          .isEqualTo("person-principal");
      assertThat(
              reason(Proof.of(issuer, "job", world.now()).with("email", "anna@example.com").sign()))
          .isEqualTo("person-principal");
    }
  }

  @Test
  @Tag("R63")
  void a_platforms_credential_of_a_year_is_refused() {
    try (var issuer = new TestIssuer()) {
      world.declare(job(issuer, "ci-job", Map.of()));
      long inAYear = world.now().plus(Duration.ofDays(365)).getEpochSecond();

      assertThat(reason(Proof.of(issuer, "job", world.now()).with("exp", inAYear).sign()))
          .isEqualTo("proof-long-lived");
    }
  }

  @Test
  void a_rotated_key_is_found_and_invented_key_ids_do_not_flood_the_issuer() {
    try (var issuer = new TestIssuer()) {
      world.declare(job(issuer, "ci-job", Map.of()));
      var before = Proof.of(issuer, "job", world.now());
      assertThat(world.exchange(world.form(before.sign())).status()).isEqualTo(200);
      issuer.rotate("key-2");
      world.clock.pass(Duration.ofSeconds(11));

      var after = world.exchange(world.form(Proof.of(issuer, "job", world.now()).sign()));
      for (int i = 0; i < 20; i++) {
        issuer.rotate("invented-" + i);
        assertThat(reason(Proof.of(issuer, "job", world.now()).sign()))
            .isEqualTo("proof-signature");
      }

      assertThat(after.status()).as(after.text()).isEqualTo(200);
      assertThat(issuer.fetches()).isEqualTo(2);
    }
  }

  @Test
  void a_key_that_the_issuer_no_longer_publishes_is_not_trusted_once_the_old_set_is_stale() {
    try (var issuer = new TestIssuer()) {
      world.declare(job(issuer, "ci-job", Map.of()));
      var old = Proof.of(issuer, "job", world.now()).sign();
      assertThat(world.exchange(world.form(old)).status()).isEqualTo(200);
      issuer.publishes("{\"keys\":[" + TestIssuer.fresh("key-9").toPublicJWK() + "]}");
      var stolen =
          Proof.of(issuer, "job", world.now())
              .with("exp", world.now().getEpochSecond() + 7200)
              .sign();
      world.clock.pass(Duration.ofMinutes(10));

      assertThat(reason(stolen)).isEqualTo("proof-signature");
    }
  }

  /// What an issuer may answer instead of its keys.
  enum Lie {
    ANOTHER_ISSUER,
    NO_JWKS_URI,
    PLAIN_HTTP_ELSEWHERE,
    NOT_JSON,
    AN_ARRAY,
    NO_KEYS,
    PRIVATE_OR_SHARED_KEYS,
    TOO_MANY_KEYS,
    TOO_LARGE,
    AN_ERROR,
    A_REDIRECT
  }

  @ParameterizedTest
  @EnumSource
  void an_issuer_that_lies_proves_nothing_and_is_believed_again_when_it_recovers(Lie lie) {
    try (var issuer = new TestIssuer()) {
      world.declare(job(issuer, "ci-job", Map.of()));
      tell(issuer, lie);
      var proof = Proof.of(issuer, "job", world.now()).sign();
      assertThat(reason(proof)).isEqualTo("issuer-unavailable");
      issuer.recovers();
      world.clock.pass(Duration.ofSeconds(11));

      var answer = world.exchange(world.form(proof));

      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
  }

  @Test
  void an_issuer_that_hangs_costs_one_timeout_and_not_one_for_each_caller() {
    try (var issuer = new TestIssuer()) {
      world.declare(job(issuer, "ci-job", Map.of()));
      issuer.publishesAfter(new CountDownLatch(1));
      var proof = Proof.of(issuer, "job", world.now()).sign();
      long start = System.nanoTime();

      for (int i = 0; i < 5; i++) {
        assertThat(reason(proof)).isEqualTo("issuer-unavailable");
      }

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
      assertThat(issuer.fetches()).isEqualTo(1);
    }
  }

  @Test
  void an_issuer_that_is_away_for_a_while_keeps_its_keys_and_loses_them_after_an_hour() {
    try (var issuer = new TestIssuer()) {
      world.declare(job(issuer, "ci-job", Map.of()));
      var proof =
          Proof.of(issuer, "job", world.now())
              .with("exp", world.now().getEpochSecond() + 7200)
              .sign();
      assertThat(world.exchange(world.form(proof)).status()).isEqualTo(200);
      issuer.answersWith(500);
      world.clock.pass(Duration.ofMinutes(30));
      var soon = world.exchange(world.form(proof));
      world.clock.pass(Duration.ofMinutes(31));

      var late = reason(proof);

      assertThat(soon.status()).isEqualTo(200);
      assertThat(late).isEqualTo("issuer-unavailable");
    }
  }

  private static void tell(TestIssuer issuer, Lie lie) {
    var uri = issuer.uri();
    switch (lie) {
      case ANOTHER_ISSUER ->
          issuer.saysOfItself(
              "{\"issuer\":\"https://honest.example\",\"jwks_uri\":\"" + uri + "/keys\"}");
      case NO_JWKS_URI -> issuer.saysOfItself("{\"issuer\":\"" + uri + "\"}");
      case PLAIN_HTTP_ELSEWHERE ->
          issuer.saysOfItself(
              "{\"issuer\":\"" + uri + "\",\"jwks_uri\":\"http://192.0.2.1/keys\"}");
      case NOT_JSON -> issuer.publishes("<html>");
      case AN_ARRAY -> issuer.publishes("[]");
      case NO_KEYS -> issuer.publishes("{\"keys\":[]}");
      case PRIVATE_OR_SHARED_KEYS ->
          issuer.publishes("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"key-1\",\"k\":\"AAAA\"}]}");
      case TOO_MANY_KEYS -> {
        var key = issuer.key().toPublicJWK().toString();
        issuer.publishes("{\"keys\":[" + (key + ",").repeat(64) + key + "]}");
      }
      case TOO_LARGE -> issuer.publishes("{\"x\":\"" + "y".repeat(300_000) + "\"}");
      case AN_ERROR -> issuer.answersWith(500);
      case A_REDIRECT -> issuer.answersWith(302);
    }
  }

  private String reason(String proof) {
    return world.exchange(world.form(proof)).json().path("reason").stringValue();
  }

  private static dev.remit.server.registry.Identity job(
      TestIssuer issuer, String name, Map<String, String> claims) {
    return TokenWorld.identity(
        name, "invoices", new Authentication.Oidc(issuer.uri(), "remit", "job", claims));
  }

  private static com.nimbusds.jose.jwk.ECKey another() {
    return TestIssuer.fresh("agent-key");
  }

  private static String altered(String jwt) {
    var parts = jwt.split("\\.", -1);
    var claims =
        new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
            .replace("\"jti\":\"", "\"jti\":\"x");
    return parts[0]
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }

  private static String unsecured(TokenWorld world) {
    var header =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    return header + "." + world.proof().sign().split("\\.", -1)[1] + ".";
  }

  private static String hs256(TokenWorld world) {
    try {
      var secret = world.agentKey.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
      return world.proof().algorithm(JWSAlgorithm.HS256).sign(new MACSigner(secret));
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object nested(int depth) {
    return depth == 0 ? "x" : Map.of("d", nested(depth - 1));
  }
}
