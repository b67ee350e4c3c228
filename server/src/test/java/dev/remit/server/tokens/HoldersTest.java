package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Environment;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.tokens.TokenWorld.Response;
import dev.remit.server.tokens.proof.DpopProof;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tokens that are bound to a key: only who signs a fresh proof for each request can use them.
@Tag("R65")
class HoldersTest {
  private static final URI TOKEN_ENDPOINT = URI.create(TokenWorld.ISSUER + "/oauth2/token");

  private final TokenWorld world = new TokenWorld();
  private final ECKey key = KeyProof.freshKey();

  @AfterEach
  void close() {
    world.close();
  }

  // Asking for a bound token.

  @Test
  void who_sends_a_proof_gets_a_token_that_is_bound_to_its_key() {
    var asked = exchange(proof().sign());
    var nonce = nonce(asked);

    var answer = exchange(proof().nonce(nonce).sign());

    assertThat(asked.status()).isEqualTo(400);
    assertThat(asked.json().path("error").stringValue()).isEqualTo("use_dpop_nonce");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("token_type").stringValue()).isEqualTo("DPoP");
    var token = answer.json().path("access_token").stringValue();
    assertThat(TokenWorld.claims(token).path("cnf").path("jkt").stringValue())
        .isEqualTo(KeyProof.thumbprint(key));
    assertThat(world.entries("token.issued"))
        .singleElement()
        .satisfies(entry ->
            assertThat(entry.path("holder").stringValue())
                .isEqualTo("jkt:" + KeyProof.thumbprint(key)));
  }

  /// Every way in which a proof for the token endpoint can be wrong.
  @SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
  enum Wrong {
    UNSECURED("dpop-malformed", p -> p.header("alg", "none").input() + "."),
    SHARED_KEY_MADE_OF_THE_PUBLIC_KEY("dpop-algorithm", Wrong::hs256),
    ANOTHER_KEY("dpop-signature", p -> p.signedBy(KeyProof.freshKey())),
    A_PRIVATE_KEY_IN_THE_HEADER(
        "dpop-malformed", p -> p.header("jwk", KeyProof.freshKey().toJSONObject()).sign()),
    A_SHARED_KEY_IN_THE_HEADER(
        "dpop-malformed",
        p ->
            p.header("jwk", new OctetSequenceKey.Builder(new byte[32]).build().toJSONObject())
                .sign()),
    NO_KEY("dpop-key", p -> p.withoutHeader("jwk").sign()),
    KEY_OF_ANOTHER_ALGORITHM("dpop-key", p -> p.header("alg", "ES384").sign()),
    TYPE_OF_ANOTHER_JWT("dpop-type", p -> p.header("typ", "JWT").sign()),
    NO_TYPE("dpop-type", p -> p.withoutHeader("typ").sign()),
    CRITICAL("dpop-header", p -> p.header("crit", List.of("exp")).header("exp", 1).sign()),
    OTHER_METHOD("dpop-method", p -> p.with("htm", "GET").sign()),
    METHOD_IN_LOWER_CASE("dpop-method", p -> p.with("htm", "post").sign()),
    NO_METHOD("dpop-method", p -> p.without("htm").sign()),
    OTHER_SITE("dpop-target", p -> p.with("htu", "https://evil.example/oauth2/token").sign()),
    OTHER_PATH("dpop-target", p -> p.with("htu", TokenWorld.ISSUER + "/oauth2/revoke").sign()),
    OTHER_SCHEME("dpop-target", p -> p.with("htu", "http://remit.example/oauth2/token").sign()),
    NO_TARGET("dpop-target", p -> p.without("htu").sign()),
    NO_ADDRESS("dpop-target", p -> p.with("htu", "not an address").sign()),
    FROM_THE_FUTURE("dpop-time", p -> p.with("iat", 32_503_680_000L).sign()),
    OLD("dpop-time", p -> p.with("iat", 1_562_262_616).sign()),
    NO_TIME("dpop-time", p -> p.without("iat").sign()),
    NO_JTI("dpop-jti", p -> p.without("jti").sign()),
    LONG_JTI("dpop-jti", p -> p.with("jti", "j".repeat(300)).sign());

    private final String reason;
    private final Function<KeyProof, String> made;

    Wrong(String reason, Function<KeyProof, String> made) {
      this.reason = reason;
      this.made = made;
    }

    private static String hs256(KeyProof proof) {
      try {
        var input = proof.header("alg", "HS256").input();
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(
            new SecretKeySpec(
                KeyProof.freshKey().toPublicJWK().toString().getBytes(StandardCharsets.UTF_8),
                "x"));
        return input
            + "."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_proof_that_is_wrong_in_one_respect_is_refused_with_its_reason(Wrong wrong) {
    var nonce = firstNonce();

    var answer = exchange(wrong.made.apply(proof().nonce(nonce)));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("error").stringValue()).isEqualTo("invalid_dpop_proof");
    assertThat(answer.json().path("reason").stringValue()).isEqualTo(wrong.reason);
    assertThat(world.entries("exchange.refused"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("reason").stringValue()).isEqualTo(wrong.reason));
  }

  @Test
  void two_proofs_in_one_request_are_one_too_many() {
    var nonce = firstNonce();
    var headers = new ArrayList<>(dpop(proof().nonce(nonce).sign()));
    headers.addAll(dpop(proof().nonce(nonce).sign()));

    var answer = exchange(world.first(), headers);

    assertThat(answer.json().path("reason").stringValue()).isEqualTo("dpop-missing");
  }

  @Test
  void a_target_is_the_same_however_its_host_is_written_and_whatever_query_it_has() {
    var nonce = firstNonce();

    for (var same :
        List.of(
            "https://REMIT.example/oauth2/token",
            "https://remit.example:443/oauth2/token",
            "https://remit.example/oauth2/token?x=1#y")) {
      assertThat(exchange(proof().nonce(nonce).with("htu", same).sign()).status())
          .as(same)
          .isEqualTo(200);
    }
  }

  // Nonces.

  @Test
  void every_node_takes_the_nonce_of_every_other_and_keeps_none() {
    var other = world.node();
    var nonce = firstNonce();

    var answer = exchange(other, dpop(proof().nonce(nonce).sign()));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @Test
  void a_nonce_that_is_invented_altered_or_too_old_is_answered_with_a_new_one() {
    var nonce = firstNonce();
    var altered = (nonce.charAt(0) == 'A' ? "B" : "A") + nonce.substring(1);

    for (var bad : List.of("", "invented", altered, "ä", "x".repeat(10_000))) {
      assertThat(nonce(exchange(proof().nonce(bad).sign()))).isNotEmpty();
    }
    world.clock.pass(Duration.ofMinutes(5));
    var late = exchange(proof().nonce(nonce).sign());

    assertThat(late.json().path("error").stringValue()).isEqualTo("use_dpop_nonce");
    assertThat(nonce(late)).isNotEqualTo(nonce);
    assertThat(exchange(proof().nonce(nonce(late)).sign()).status()).isEqualTo(200);
  }

  // Once only.

  @Test
  void a_proof_that_was_used_at_one_node_is_of_no_use_at_another() {
    var other = world.node();
    var proof = proof().nonce(firstNonce()).sign();

    var first = exchange(proof);
    var again = exchange(other, dpop(proof));

    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.json().path("reason").stringValue()).isEqualTo("proof-replayed");
    assertThat(world.entries("token.issued")).hasSize(1);
  }

  @Test
  void a_request_with_a_bound_token_is_of_no_use_a_second_time_at_any_node() {
    var token = boundToken();
    var other = world.node();
    var proof = use(token).sign();

    var first = get(world.first(), token, proof);
    var again = get(other, token, proof);

    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(again.status()).isEqualTo(401);
    assertThat(again.raw().headers().firstValue("WWW-Authenticate").orElse(""))
        .startsWith("DPoP error=\"invalid_dpop_proof\"");
  }

  @Test
  void of_many_who_send_the_same_proof_at_once_to_two_nodes_exactly_one_passes() throws Exception {
    var token = boundToken();
    var nodes = List.of(world.first(), world.node());
    var proof = use(token).sign();
    var found = new ConcurrentLinkedQueue<Integer>();

    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 40; i++) {
      var node = nodes.get(i % 2);
      threads.add(Thread.startVirtualThread(() -> found.add(get(node, token, proof).status())));
    }
    for (var thread : threads) {
      thread.join();
    }

    assertThat(found).hasSize(40);
    assertThat(found).filteredOn(status -> status == 200).hasSize(1);
  }

  @Test
  void what_is_remembered_of_a_proof_goes_once_it_would_be_too_old_anyway() {
    var token = boundToken();
    get(world.first(), token, use(token).sign());
    world.clock.pass(Duration.ofMinutes(10));

    world.first().database.run(tx -> new StandingStore().prune(tx, world.now()));

    assertThat(world.count("proof_seen")).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void a_proof_whose_use_is_not_known_to_be_stored_does_not_pass(CommitFaults.Fault fault) {
    var token = boundToken();
    var proof = use(token).sign();
    world.failNextCommit(fault);

    var unsure = get(world.first(), token, proof);
    var again = get(world.first(), token, proof);

    assertThat(unsure.status()).isEqualTo(503);
    // Spent if it was stored, free if it was lost: never used twice, and a new one always passes.
    assertThat(again.status()).isEqualTo(fault == CommitFaults.Fault.LOST ? 200 : 401);
    assertThat(get(world.first(), token, use(token).sign()).status()).isEqualTo(200);
  }

  // Using a bound token.

  @Test
  void a_bound_token_is_of_no_use_without_its_key() {
    var token = boundToken();
    var nonce = firstNonce();
    var thief = KeyProof.freshKey();
    var target = URI.create(TokenWorld.ISSUER + path(token));
    var stolen = KeyProof.of(thief, "GET", target, world.now()).forToken(token).nonce(nonce);

    var borne = world.get(path(token), token);
    var otherKey = get(world.first(), token, stolen.sign());
    var otherToken = get(world.first(), token, use(token).forToken("another").sign());
    var noHash = get(world.first(), token, use(token).without("ath").sign());
    var otherMethod = get(world.first(), token, use(token).with("htm", "POST").sign());
    var otherPath = get(world.first(), token, use(token).with("htu", target + "/x").sign());
    var noNonce = get(world.first(), token, use(token).without("nonce").sign());

    assertThat(borne.status()).isEqualTo(401);
    assertThat(challenge(borne)).startsWith("DPoP error=\"invalid_token\"").contains("algs=");
    assertThat(challenge(otherKey)).startsWith("DPoP error=\"invalid_token\"");
    for (var wrong : List.of(otherToken, noHash, otherMethod, otherPath)) {
      assertThat(challenge(wrong)).startsWith("DPoP error=\"invalid_dpop_proof\"");
    }
    assertThat(challenge(noNonce)).startsWith("DPoP error=\"use_dpop_nonce\"");
    assertThat(nonce(noNonce)).isNotEmpty();
  }

  @Test
  void a_token_that_is_bound_to_no_key_cannot_be_dressed_up_as_one_that_is() {
    var token = world.token();

    var dressed = get(world.first(), token, use(token).sign());

    assertThat(dressed.status()).isEqualTo(401);
    assertThat(challenge(dressed)).startsWith("DPoP error=\"invalid_token\"");
    assertThat(world.get(path(token), token).status()).isEqualTo(200);
  }

  @Test
  void introspection_says_to_which_key_a_token_is_bound() {
    var answer =
        world.post("/oauth2/introspect", world.operator("sam"), Map.of("token", boundToken()));

    assertThat(answer.json().path("active").booleanValue()).isTrue();
    assertThat(answer.json().path("token_type").stringValue()).isEqualTo("DPoP");
    assertThat(answer.json().path("cnf").path("jkt").stringValue())
        .isEqualTo(KeyProof.thumbprint(key));
  }

  // Where it is demanded.

  @Test
  @Tag("R64")
  void above_the_threshold_a_token_that_anybody_could_use_is_not_issued() {
    var offered = HolderConfig.offered();
    var byAutonomy =
        new HolderConfig(
            Set.of(Autonomy.ACTS_WITH_CONFIRMATION),
            Set.of(),
            offered.proofWithin(),
            offered.nonceFor(),
            false);
    var byEnvironment =
        new HolderConfig(
            Set.of(),
            Set.of(Environment.DEVELOPMENT),
            offered.proofWithin(),
            offered.nonceFor(),
            false);

    for (var config : List.of(byAutonomy, byEnvironment)) {
      try (var strict = new TokenWorld(demanding(config))) {
        var unbound = strict.exchange(strict.form(strict.proof().sign()));
        var nonce = nonce(exchange(strict, strict.first(), dpop(proof().sign())));
        var bound = exchange(strict, strict.first(), dpop(proof().nonce(nonce).sign()));

        assertThat(unbound.status()).isEqualTo(400);
        assertThat(unbound.json().path("reason").stringValue()).isEqualTo("binding-required");
        assertThat(bound.status()).as(bound.text()).isEqualTo(200);
      }
    }
  }

  private static UnaryOperator<TokenConfig> demanding(HolderConfig holders) {
    return config ->
        new TokenConfig(
            config.issuer(),
            config.skew(),
            config.lifetimes(),
            config.checkedMax(),
            config.staleAfter(),
            config.pollEvery(),
            config.operatorLifetime(),
            config.operatorLifetimeMax(),
            config.delegationsMax(),
            config.proofs(),
            holders,
            config.keys(),
            config.statusTtl(),
            config.svids());
  }

  // RFC 9449.

  /// The proofs of figures 2 and 13, whose key has the thumbprint of section 6.1.
  @Test
  void the_examples_of_the_rfc_hold_for_their_own_requests_only() {
    var head =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0"
            + "VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSm"
            + "FqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.";
    var atTokenEndpoint =
        head
            + "eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4"
            + "YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLv"
            + "qRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
    var atResource =
        head
            + "eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5l"
            + "eGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycj"
            + "JaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxR"
            + "imPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
    var tokenRequest =
        new DpopProof.Request(
            "POST", URI.create("https://server.example.com/token"), Optional.empty());
    var resourceRequest =
        new DpopProof.Request(
            "GET",
            URI.create("https://resource.example.org/protectedresource"),
            Optional.of("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"));

    assertThat(read(atTokenEndpoint, tokenRequest))
        .isInstanceOfSatisfying(
            DpopProof.Read.Proof.class,
            read ->
                assertThat(read.proof().thumbprint())
                    .isEqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
    assertThat(read(atResource, resourceRequest)).isInstanceOf(DpopProof.Read.Proof.class);
    assertThat(read(atTokenEndpoint, resourceRequest)).isInstanceOf(DpopProof.Read.Wrong.class);
    assertThat(read(atResource, tokenRequest)).isInstanceOf(DpopProof.Read.Wrong.class);
  }

  private static DpopProof.Read read(String proof, DpopProof.Request request) {
    return DpopProof.read(
        List.of(proof),
        request,
        new DpopProof.Within(Duration.ofSeconds(60), Duration.ZERO),
        Instant.ofEpochSecond(1_562_262_620));
  }

  // Asking.

  private KeyProof proof() {
    return KeyProof.of(key, "POST", TOKEN_ENDPOINT, world.now());
  }

  private String firstNonce() {
    return nonce(exchange(proof().sign()));
  }

  private static String nonce(Response response) {
    return response.raw().headers().firstValue("DPoP-Nonce").orElse("");
  }

  private static String challenge(Response response) {
    return response.raw().headers().firstValue("WWW-Authenticate").orElse("");
  }

  private static List<String> dpop(String proof) {
    return List.of("DPoP", proof);
  }

  private Response exchange(String proof) {
    return exchange(world.first(), dpop(proof));
  }

  private Response exchange(TokenWorld.Node node, List<String> headers) {
    return exchange(world, node, headers);
  }

  private static Response exchange(TokenWorld world, TokenWorld.Node node, List<String> headers) {
    return world.post(node, "/oauth2/token", headers, world.form(world.proof().sign()));
  }

  private String boundToken() {
    var answer = exchange(proof().nonce(firstNonce()).sign());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("access_token").stringValue();
  }

  private static String path(String token) {
    return "/v1/tasks/" + TokenWorld.task(token);
  }

  private KeyProof use(String token) {
    return KeyProof.of(key, "GET", URI.create(TokenWorld.ISSUER + path(token)), world.now())
        .forToken(token)
        .nonce(firstNonce());
  }

  private Response get(TokenWorld.Node node, String token, String proof) {
    return world.send(
        node,
        "GET",
        path(token),
        List.of("Authorization", "DPoP " + token, "DPoP", proof),
        "application/json",
        "");
  }
}
