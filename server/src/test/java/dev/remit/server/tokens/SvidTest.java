package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.registry.Authentication;
import dev.remit.server.tokens.proof.ProofConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// JWT-SVIDs of a trust domain, whose bundle comes from a real endpoint that can misbehave.
@Tag("R62")
class SvidTest {
  private static final String SVID = "spiffe://prod.example/ns/invoices/sa/agent";

  private final TestIssuer endpoint = new TestIssuer();
  private final ECKey key = TestIssuer.fresh("svid-1");
  private TokenWorld world;

  @BeforeEach
  void start() {
    publishes(Bundles.of(List.of(), List.of(key)));
    world = new TokenWorld(this::trusting);
    world.declare(TokenWorld.agent(new Authentication.Spiffe(new SpiffeId(SVID))));
  }

  @AfterEach
  void close() {
    world.close();
    endpoint.close();
  }

  private TokenConfig trusting(TokenConfig config) {
    var proofs = config.proofs();
    return new TokenConfig(
        config.issuer(),
        config.skew(),
        config.lifetimes(),
        config.checkedMax(),
        Duration.ofDays(1),
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
                    "prod.example",
                    new ProofConfig.Bundle.From.Endpoint(endpoint.uri().resolve("/keys"))))),
        config.holders(),
        config.keys(),
        config.statusTtl(),
        config.svids());
  }

  private void publishes(ObjectNode bundle) {
    endpoint.publishes(bundle.toString());
  }

  private Proof svid(ECKey signer) {
    return Proof.own(SVID, signer, world.now()).without("iss").without("jti").without("iat");
  }

  private String reason(Proof proof) {
    var answer = world.exchange(world.form(proof.sign()));
    return answer.status() == 200 ? "" : answer.json().path("reason").stringValue();
  }

  @Test
  void an_svid_for_us_is_exchanged_as_often_as_its_workload_likes() {
    var svid = svid(key);

    assertThat(reason(svid)).isEmpty();
    assertThat(reason(svid)).isEmpty();
    assertThat(endpoint.fetches()).isEqualTo(1);
  }

  @Test
  void an_svid_that_is_wrong_in_one_respect_is_refused_with_its_reason() {
    var other = TestIssuer.fresh("svid-1");

    assertThat(reason(svid(other))).isEqualTo("proof-signature");
    assertThat(reason(svid(TestIssuer.fresh("unheard-of")))).isEqualTo("proof-signature");
    assertThat(reason(svid(key).with("aud", "https://elsewhere.example")))
        .isEqualTo("proof-audience");
    assertThat(reason(svid(key).without("aud"))).isEqualTo("proof-audience");
    assertThat(reason(svid(key).without("exp"))).isEqualTo("proof-eternal");
    assertThat(reason(svid(key).with("exp", world.now().getEpochSecond() - 31)))
        .isEqualTo("proof-expired");
    assertThat(reason(svid(key).type("at+jwt"))).isEqualTo("proof-is-a-token");
    assertThat(reason(svid(key).type("dpop+jwt"))).isEqualTo("proof-header");
    // Nobody has declared these, whoever signs them; the second is even of our own trust domain.
    assertThat(reason(svid(key).with("sub", "spiffe://evil.example/ns/invoices/sa/agent")))
        .isEqualTo("issuer-unknown");
    assertThat(reason(svid(key).with("sub", TokenWorld.AGENT))).isEqualTo("issuer-unknown");
  }

  @Test
  void a_key_of_one_trust_domain_signs_for_no_other() {
    world.declare(
        TokenWorld.agent(new Authentication.Spiffe(new SpiffeId("spiffe://dev.example/agent"))));

    assertThat(reason(svid(key).with("sub", "spiffe://dev.example/agent")))
        .isEqualTo("bundle-unavailable");
  }

  @Test
  void an_authority_for_certificates_does_not_sign_jwts() {
    var bundle = Bundles.of(List.of(), List.of(key));
    ((ObjectNode) bundle.path("keys").get(0)).put("use", "sig");
    publishes(bundle);

    assertThat(reason(svid(key))).isEqualTo("proof-signature");
  }

  // Bundles change.

  @Test
  void a_new_key_is_found_and_a_key_that_is_gone_is_not_believed_any_more() {
    assertThat(reason(svid(key))).isEmpty();
    var next = TestIssuer.fresh("svid-2");
    publishes(Bundles.of(List.of(), List.of(next)).put("spiffe_sequence", 2));
    world.clock.pass(Duration.ofSeconds(10));

    assertThat(reason(svid(next))).isEmpty();
    assertThat(reason(svid(key))).isEqualTo("proof-signature");
  }

  @Test
  void a_bundle_that_shrinks_to_nothing_trusts_nobody() {
    assertThat(reason(svid(key))).isEmpty();
    publishes(Bundles.of(List.of(), List.of()));
    world.clock.pass(Duration.ofMinutes(10));

    assertThat(reason(svid(key))).isEqualTo("proof-signature");
  }

  @Test
  void a_bundle_is_asked_for_again_as_soon_as_it_hints() {
    publishes(Bundles.of(List.of(), List.of(key)).put("spiffe_refresh_hint", 60));
    assertThat(reason(svid(key))).isEmpty();
    publishes(Bundles.of(List.of(), List.of()));

    world.clock.pass(Duration.ofSeconds(59));
    assertThat(reason(svid(key))).isEmpty();
    world.clock.pass(Duration.ofSeconds(1));
    assertThat(reason(svid(key))).isEqualTo("proof-signature");
  }

  @Test
  void an_older_bundle_brings_no_key_back() {
    publishes(Bundles.of(List.of(), List.of()).put("spiffe_sequence", 7));
    assertThat(reason(svid(key))).isEqualTo("proof-signature");
    publishes(Bundles.of(List.of(), List.of(key)).put("spiffe_sequence", 6));
    world.clock.pass(Duration.ofSeconds(10));

    assertThat(reason(svid(key))).isEqualTo("proof-signature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json",
        "[]",
        "{}",
        "{\"keys\":\"none\"}",
        "{\"keys\":[{\"kty\":\"EC\",\"use\":\"jwt-svid\",\"kid\":\"k\"}]}",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"use\":\"x509-svid\"}]}",
        "HANGS"
      })
  void a_bundle_that_lies_or_hangs_changes_nothing_and_is_not_believed_for_ever(String lie) {
    assertThat(reason(svid(key))).isEmpty();
    var never = new CountDownLatch(1);
    if (lie.equals("HANGS")) {
      endpoint.publishesAfter(never);
    } else {
      endpoint.publishes(lie);
    }

    world.clock.pass(Duration.ofMinutes(10));
    assertThat(reason(svid(key))).isEmpty();
    world.clock.pass(Duration.ofMinutes(50));
    assertThat(reason(svid(key))).isEqualTo("bundle-unavailable");

    never.countDown();
    publishes(Bundles.of(List.of(), List.of(key)));
    world.clock.pass(Duration.ofSeconds(10));
    assertThat(reason(svid(key))).isEmpty();
  }
}
