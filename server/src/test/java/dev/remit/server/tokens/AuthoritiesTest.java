package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.JWKSet;
import dev.remit.server.certificates.Sweeping;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The authorities that sign certificates change, and the bundle tells everybody in time.
@Tag("R62")
@Tag("R73")
class AuthoritiesTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String REASON = "{\"reason\":\"it is time\"}";

  private final TokenWorld world = TokenWorld.certifying(config -> config);

  @AfterEach
  void close() {
    world.close();
  }

  private record Bundle(long sequence, List<X509Certificate> authorities) {}

  private Bundle bundle() throws Exception {
    var document = world.get("/spiffe/bundle", "");
    var authorities =
        JWKSet.parse(document.text()).getKeys().stream()
            .filter(key -> key.getKeyUse().identifier().equals("x509-svid"))
            .map(key -> key.getParsedX509CertChain().getFirst())
            .toList();
    return new Bundle(document.json().path("spiffe_sequence").longValue(), authorities);
  }

  private void sweep() {
    Sweeping.now(world.first().certificates.orElseThrow());
  }

  @Test
  void
      the_next_authority_is_in_the_bundle_before_it_signs_and_the_last_one_for_as_long_as_it_holds()
          throws Exception {
    var before = CertifiedAgent.in(world);
    var first = bundle();

    var begun = world.post("/v1/authorities/rotate", world.operator("sam"), REASON);
    var meanwhile = CertifiedAgent.in(world);
    var second = bundle();
    world.clock.pass(Duration.ofMinutes(10));
    var after = CertifiedAgent.in(world);
    sweep();
    var still = bundle();
    world.clock.pass(Duration.ofHours(1));
    sweep();
    await().atMost(SOON).until(() -> bundle().authorities().size() == 1);

    assertThat(begun.status()).as(begun.text()).isEqualTo(200);
    assertThat(second.sequence()).isGreaterThan(first.sequence());
    assertThat(second.authorities()).hasSize(2).contains(before.authority());
    assertThat(meanwhile.authority()).isEqualTo(before.authority());
    assertThat(after.authority()).isNotEqualTo(before.authority());
    assertThat(second.authorities()).contains(after.authority());
    assertThat(still).isEqualTo(second);
    assertThat(bundle().authorities()).containsExactly(after.authority());
    assertThat(bundle().sequence()).isGreaterThan(second.sequence());
    assertThat(world.get("/spiffe/crl/" + before.authorityId(), "").status()).isEqualTo(404);
    assertThat(world.entries("key.retired")).hasSize(1);
  }

  @Test
  void one_that_has_signed_for_long_enough_is_followed_by_itself() throws Exception {
    world.clock.pass(Duration.ofDays(30));
    sweep();
    sweep();

    await().atMost(SOON).until(() -> bundle().authorities().size() == 2);
    var again = world.post("/v1/authorities/rotate", world.operator("sam"), REASON);
    assertThat(again.status()).isEqualTo(409);
  }

  @Test
  void a_roll_revokes_every_authority_and_all_that_they_have_signed() throws Exception {
    var agent = CertifiedAgent.in(world);

    var rolled = world.post("/v1/authorities/roll", world.operator("sam"), REASON);

    assertThat(rolled.status()).as(rolled.text()).isEqualTo(200);
    assertThat(agent.isListed(world.first())).isTrue();
    assertThat(bundle().authorities()).hasSize(1).doesNotContain(agent.authority());
    assertThat(CertifiedAgent.in(world).authority()).isNotEqualTo(agent.authority());
    assertThat(world.entries("key.revoked").getFirst().path("use").stringValue())
        .isEqualTo("x509-svid");
  }

  @Test
  void another_node_signs_with_the_new_one_at_once_after_a_roll() {
    var second = world.node();
    var agent = CertifiedAgent.in(world);

    world.post("/v1/authorities/roll", world.operator("sam"), REASON);
    var key = Csr.ec("secp256r1");
    var token = world.token();
    var answer = CertifiedAgent.ask(world, second, token, Csr.of(key).pem());

    assertThat(CertifiedAgent.of(answer.json(), token, key).authority())
        .isNotEqualTo(agent.authority());
  }

  @Test
  void of_what_is_issued_during_a_roll_nothing_is_left_of_an_authority_that_is_not_trusted()
      throws Exception {
    var asking =
        IntStream.range(0, 12)
            .mapToObj(_ -> world.token())
            .map(token ->
                Thread.ofVirtual()
                    .start(
                        () -> CertifiedAgent.ask(world, token, Csr.of(Csr.ec("secp256r1")).pem())))
            .toList();

    world.post("/v1/authorities/roll", world.operator("sam"), REASON);
    for (var thread : asking) {
      thread.join();
    }

    assertThat(
            world.count(
                "certificate c JOIN certificate_authority a ON a.id = c.authority"
                    + " WHERE c.state IN ('INTENT', 'ACTIVE') AND a.revoked_at IS NOT NULL"))
        .isZero();
  }

  @Test
  void the_bundle_counts_only_what_has_changed() throws Exception {
    var first = bundle();
    Thread.sleep(1_100);

    var again = bundle();

    assertThat(again).isEqualTo(first);
    assertThat(first.sequence()).isPositive();
  }

  @Test
  void nobody_who_may_not_changes_them_and_a_reason_is_needed() {
    var aude = world.operator("aude");

    assertThat(world.post("/v1/authorities/roll", aude, REASON).status()).isEqualTo(403);
    assertThat(world.post("/v1/authorities/rotate", "", REASON).status()).isEqualTo(401);
    assertThat(world.post("/v1/authorities/roll", world.operator("sam"), "{}").status())
        .isEqualTo(400);
    assertThat(world.get("/v1/authorities", aude).json().path("authorities")).hasSize(1);
  }
}
