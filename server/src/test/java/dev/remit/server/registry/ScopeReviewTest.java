package dev.remit.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Who reviewed what an identity could be given, at any moment.
@Tag("R11")
class ScopeReviewTest {
  private static final IdentityName AGENT = new IdentityName("agent");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant LATER = RegistryWorld.NOW.plus(HOUR);

  private final RegistryWorld world = new RegistryWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_review_says_who_agreed_to_which_scope_and_when() {
    world.given(Manifests.all());

    assertThat(world.registry.reviews(AGENT, LATER))
        .singleElement()
        .satisfies(review -> {
          assertThat(review.grant().value()).isEqualTo("agent-files");
          assertThat(review.reviewer()).isEqualTo(new PersonName("anna"));
          assertThat(review.by()).isEqualTo(Bootstrap.ADMIN);
          assertThat(review.at()).isEqualTo(RegistryWorld.NOW);
          assertThat(review.scope().path("tools").toString()).isEqualTo("[\"read_file\"]");
          assertThat(review.digest())
              .isEqualTo(
                  world.registry.find(new Ref(Kind.GRANT, "agent-files")).orElseThrow().digest());
        });
  }

  @Test
  void what_was_in_force_then_is_told_whatever_was_changed_or_retired_since() {
    world.given(Manifests.all());
    var wider = Manifests.grant("agent-files", "agent", "[read_file, write_file]");
    world.registry.apply(RegistryWorld.wish(wider), RegistryWorld.ADMIN, LATER);
    var end = LATER.plus(HOUR);
    world.registry.retire(new Ref(Kind.GRANT, "agent-files"), RegistryWorld.ADMIN, end);

    assertThat(world.registry.reviews(AGENT, RegistryWorld.NOW.minus(HOUR))).isEmpty();
    assertThat(world.registry.reviews(AGENT, LATER.minusSeconds(1)))
        .extracting(ScopeReview::revision)
        .containsExactly(1L);
    assertThat(world.registry.reviews(AGENT, end.minusSeconds(1)))
        .extracting(ScopeReview::revision)
        .containsExactly(2L);
    assertThat(world.registry.reviews(AGENT, end)).isEmpty();
  }

  @Test
  void a_grant_that_had_expired_was_in_force_no_longer() {
    world.given(Manifests.all());

    assertThat(world.registry.reviews(AGENT, Instant.parse("2027-02-01T00:00:00Z"))).isEmpty();
  }
}
