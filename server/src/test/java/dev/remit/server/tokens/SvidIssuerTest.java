package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.registry.Authentication;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.tokens.proof.ProofConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Remit vouches for its identities to others.
@Tag("R62")
class SvidIssuerTest {
  private final TokenWorld world = new TokenWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private TokenWorld.Response ask(String token, String audience) {
    return ask(world, token, audience);
  }

  private static TokenWorld.Response ask(TokenWorld world, String token, String audience) {
    return world.post("/v1/svids", token, "{\"audience\":[\"" + audience + "\"]}");
  }

  private static String svid(TokenWorld world, String audience) {
    var answer = ask(world, world.token(), audience);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().path("svid").stringValue();
  }

  @Test
  void an_svid_says_who_its_identity_is_and_the_bundle_verifies_it() throws Exception {
    try (var certifying = TokenWorld.certifying(config -> config)) {
      checkThatTheBundleVerifies(certifying);
    }
  }

  private static void checkThatTheBundleVerifies(TokenWorld world) throws Exception {
    var svid = svid(world, "https://payments.example");
    var bundle = world.get("/spiffe/bundle", "");

    var jws = JWSObject.parse(svid);
    var keys = JWKSet.parse(bundle.text());
    var key = keys.getKeyByKeyId(jws.getHeader().getKeyID());
    assertThat(jws.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
    assertThat(jws.getHeader().getType().getType()).isEqualTo("JWT");
    assertThat(key.getKeyUse().identifier()).isEqualTo("jwt-svid");
    assertThat(bundle.json().path("spiffe_refresh_hint").intValue()).isEqualTo(300);
    assertThat(bundle.text()).doesNotContain("\"d\"");
    var claims = TokenWorld.claims(svid);
    assertThat(claims.path("sub").stringValue()).isEqualTo(TokenWorld.AGENT);
    assertThat(claims.path("aud").path(0).stringValue()).isEqualTo("https://payments.example");
    assertThat(world.entries("svid.issued"))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.path("id").stringValue()).isEqualTo(claims.path("jti").stringValue());
          assertThat(entry.path("identity").stringValue()).isEqualTo(TokenWorld.AGENT);
        });
  }

  @Test
  @Tag("R57")
  void an_svid_ends_with_the_token_it_was_issued_for() {
    var token = world.token();
    world.clock.pass(Duration.ofMinutes(4));

    var svid = ask(token, "https://payments.example").json().path("svid").stringValue();

    assertThat(TokenWorld.claims(svid).path("exp").longValue())
        .isEqualTo(TokenWorld.claims(token).path("exp").longValue());
  }

  @Test
  void another_remit_that_trusts_the_bundle_knows_the_identity() {
    try (var certifying = TokenWorld.certifying(config -> config);
        var other = new TokenWorld(config -> trusting(config, bundle(certifying)))) {
      other.declare(TokenWorld.agent(new Authentication.Spiffe(new SpiffeId(TokenWorld.AGENT))));
      var form = other.form(svid(certifying, "https://other.example"));
      form.put("resource", "https://other.example/mcp/files");
      var swapped = other.form(svid(certifying, "https://payments.example"));
      var ours = other.form(certifying.token());

      var known = other.exchange(form);

      assertThat(known.status()).as(known.text()).isEqualTo(200);
      assertThat(other.exchange(swapped).json().path("reason").stringValue())
          .isEqualTo("proof-audience");
      assertThat(other.exchange(ours).json().path("reason").stringValue())
          .isEqualTo("proof-is-a-token");
    }
  }

  private static URI bundle(TokenWorld world) {
    return URI.create("http://127.0.0.1:" + world.first().server.port() + "/spiffe/bundle");
  }

  static TokenConfig trusting(TokenConfig config, URI endpoint) {
    var proofs = config.proofs();
    return new TokenConfig(
        URI.create("https://other.example"),
        config.skew(),
        config.lifetimes(),
        config.checkedMax(),
        config.staleAfter(),
        config.pollEvery(),
        config.operatorLifetime(),
        config.operatorLifetimeMax(),
        config.delegationsMax(),
        new ProofConfig(
            URI.create("https://other.example"),
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://remit.example",
        "HTTPS://Remit.Example",
        "https://remit.example/oauth2/token",
        "https://remit.example/"
      })
  void a_token_cannot_be_turned_into_a_proof_for_the_next(String audience) {
    var answer = ask(world.token(), audience);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().path("type").asString("")).contains("svid-audience");
    assertThat(world.entries("svid.issued")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"audience\":[]}",
        "{\"audience\":\"x\"}",
        "{\"audience\":[\" \"]}",
        "{\"audience\":[1]}",
        "{\"audience\":[\"x\"],\"lifetime\":\"9h\"}"
      })
  void a_request_that_names_no_service_is_told_how(String body) {
    var answer = world.post("/v1/svids", world.token(), body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("1 to 8 texts");
  }

  @Test
  void only_a_task_gets_one() {
    assertThat(ask("", "https://x.example").status()).isEqualTo(401);
    assertThat(ask(world.operator("sam"), "https://x.example").status()).isEqualTo(403);
    var token = world.token();
    world.clock.pass(Duration.ofMinutes(10));
    assertThat(ask(token, "https://x.example").status()).isEqualTo(401);
  }

  /// The ledger finds out what became of a commit whose answer was lost, and stores again what was
  /// not: an SVID is handed out recorded, and recorded once.
  @ParameterizedTest
  @EnumSource
  void an_svid_is_recorded_exactly_once_whatever_becomes_of_the_commit(CommitFaults.Fault fault) {
    var token = world.token();
    world.failNextCommit(fault);

    var answer = ask(token, "https://x.example");

    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(world.entries("svid.issued"))
        .singleElement()
        .satisfies(entry ->
            assertThat(entry.path("id").stringValue())
                .isEqualTo(
                    TokenWorld.claims(answer.json().path("svid").stringValue())
                        .path("jti")
                        .stringValue()));
  }

  @Test
  void while_nothing_can_be_recorded_no_svid_is_handed_out() {
    var token = world.token();
    world.takeAway();

    var answer = ask(token, "https://x.example");

    assertThat(answer.status()).isGreaterThanOrEqualTo(400);
    assertThat(answer.text()).doesNotContain("eyJ");
    world.giveBack();
  }
}
