package dev.remit.server.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.remit.server.signin.Visitor.Shown;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// People sign in at their organisation's OpenID Connect provider, and nobody else does for them.
@Tag("R16")
class IdentityProviderTest {
  private final AtomicReference<SignInWorld> started = new AtomicReference<>();
  private final Organisation organisation = new Organisation(this::now);

  private Instant now() {
    return started.get().now();
  }

  private SignInWorld world(SignInConfig.FoundBy by, Optional<SignInConfig.Secret> secret) {
    var world =
        new SignInWorld(config ->
            new SignInConfig(
                config.publicUrl(),
                false,
                config.idleFor(),
                config.sessionMax(),
                config.freshFor(),
                config.freshFrom(),
                Optional.of(
                    new SignInConfig.Provider(
                        organisation.issuer(), Organisation.CLIENT, secret, by)),
                config.privateClients(),
                config.proofs()));
    started.set(world);
    return world;
  }

  private SignInWorld world() {
    return world(
        SignInConfig.FoundBy.EMAIL, Optional.of(new SignInConfig.Secret(Organisation.SECRET)));
  }

  @AfterEach
  void ends_with_its_checks() {
    started.get().close();
    organisation.close();
  }

  private static Shown back(Visitor visitor, Map<String, String> answer) {
    return visitor.get(Addresses.with("/sign-in/callback", answer));
  }

  private static URI begin(Visitor visitor, String next) {
    var page = visitor.get(Addresses.with("/sign-in", Map.of("next", next)));
    assertThat(page.text()).contains("Continue at 127.0.0.1").doesNotContain("password");
    return URI.create(
        visitor.get(Addresses.with("/sign-in/provider", Map.of("next", next))).location());
  }

  @Test
  void a_person_is_found_by_their_verified_address() {
    var world = world();
    var visitor = new Visitor(world);
    var there = begin(visitor, "/oauth2/authorize?x=y");

    var in = back(visitor, organisation.signIn(there, "1234", "Sam@example.com"));

    assertThat(in.status()).as(in.text()).isEqualTo(303);
    assertThat(in.location()).isEqualTo("https://remit.example/oauth2/authorize?x=y");
    assertThat(visitor.get("/sign-in").text()).contains("You are sam.");
    assertThat(organisation.lastClientAuthentication).isEqualTo("client_secret_basic");
    assertThat(world.entries("session.started").getFirst().path("how").asString(""))
        .isEqualTo(organisation.issuer().toString());
  }

  @Test
  void a_person_is_found_by_their_subject_and_the_server_signs_for_itself() {
    var world = world(SignInConfig.FoundBy.SUBJECT, Optional.empty());
    organisation.clientKeys = () -> published(world);
    var visitor = new Visitor(world);
    var there = begin(visitor, "/sign-in");

    var in = back(visitor, organisation.signIn(there, "sub-sam", "other@example.com"));

    assertThat(in.status()).as(in.text()).isEqualTo(303);
    assertThat(visitor.get("/sign-in").text()).contains("You are sam.");
    assertThat(organisation.lastClientAuthentication).isEqualTo("private_key_jwt");
  }

  @Test
  void what_is_asked_of_the_provider_names_us_and_is_bound_to_this_sign_in() {
    var world = world();
    var asked = Addresses.parsed(begin(new Visitor(world), "/sign-in").getRawQuery());
    var again = Addresses.parsed(begin(new Visitor(world), "/sign-in").getRawQuery());

    assertThat(asked)
        .containsEntry("response_type", "code")
        .containsEntry("client_id", Organisation.CLIENT)
        .containsEntry("redirect_uri", "https://remit.example/sign-in/callback")
        .containsEntry("code_challenge_method", "S256");
    for (var name : new String[] {"state", "nonce", "code_challenge"}) {
      assertThat(String.valueOf(asked.get(name))).hasSize(43).isNotEqualTo(again.get(name));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "issuer",
        "audience",
        "azp",
        "nonce",
        "no-nonce",
        "expired",
        "future",
        "old",
        "no-subject"
      })
  void an_id_token_that_is_not_for_this_sign_in_signs_nobody_in(String lie) {
    var world = world();
    organisation.claims = lie(lie);
    var visitor = new Visitor(world);

    var refused =
        back(visitor, organisation.signIn(begin(visitor, "/sign-in"), "1", "sam@example.com"));

    assertThatNobodyIsIn(world, visitor, refused);
    assertThat(world.entries("signin.refused").getFirst().path("reason").asString(""))
        .isEqualTo("id-token");
  }

  private UnaryOperator<ObjectNode> lie(String lie) {
    long at = Instant.parse("2026-11-21T10:00:00Z").getEpochSecond();
    return json ->
        switch (lie) {
          case "issuer" -> json.put("iss", "https://evil.example");
          case "audience" -> json.put("aud", "somebody-else");
          case "azp" -> json.put("azp", "somebody-else");
          case "nonce" -> json.put("nonce", "another");
          case "no-nonce" -> {
            json.remove("nonce");
            yield json;
          }
          case "expired" -> json.put("exp", at - 60);
          case "future" -> json.put("iat", at + 120);
          case "old" -> json.put("iat", at - 3_600);
          case "no-subject" -> {
            json.remove("sub");
            yield json;
          }
          default -> throw new IllegalArgumentException(lie);
        };
  }

  @Test
  void a_signature_of_somebody_else_signs_nobody_in() {
    var world = world();
    organisation.signsWith = Organisation.key("key-1");
    var visitor = new Visitor(world);

    assertThatNobodyIsIn(
        world,
        visitor,
        back(visitor, organisation.signIn(begin(visitor, "/sign-in"), "1", "sam@example.com")));
  }

  @Test
  void an_answer_of_another_provider_is_a_mix_up() {
    var world = world();
    var visitor = new Visitor(world);
    var answer =
        new LinkedHashMap<>(
            organisation.signIn(begin(visitor, "/sign-in"), "1", "sam@example.com"));
    answer.put("iss", "https://evil.example");

    assertThatNobodyIsIn(world, visitor, back(visitor, answer));

    var silent =
        new LinkedHashMap<>(
            organisation.signIn(begin(visitor, "/sign-in"), "1", "sam@example.com"));
    silent.remove("iss");
    assertThatNobodyIsIn(world, visitor, back(visitor, silent));
  }

  @Test
  void a_provider_that_never_promised_its_name_need_not_send_it() {
    var world = world();
    organisation.sendsIssuer = false;
    var visitor = new Visitor(world);

    back(visitor, organisation.signIn(begin(visitor, "/sign-in"), "1", "sam@example.com"));

    assertThat(visitor.get("/sign-in").text()).contains("You are sam.");
  }

  @Test
  void an_answer_is_good_in_the_browser_that_asked_and_once() {
    var world = world();
    var attacker = new Visitor(world);
    var answer = organisation.signIn(begin(attacker, "/sign-in"), "1", "sam@example.com");
    var victim = new Visitor(world);
    victim.get("/sign-in");

    assertThatNobodyIsIn(world, victim, back(victim, answer));

    back(attacker, answer);
    world.pass(Duration.ofSeconds(1));
    assertThat(back(attacker, answer).status()).isEqualTo(403);
  }

  @Test
  void an_answer_that_comes_late_is_not_taken() {
    var world = world();
    var visitor = new Visitor(world);
    var answer = organisation.signIn(begin(visitor, "/sign-in"), "1", "sam@example.com");
    world.pass(Duration.ofMinutes(10));

    assertThatNobodyIsIn(world, visitor, back(visitor, answer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stranger@example.com", "", "<b>@example.com"})
  void whoever_is_not_declared_is_told_what_to_do(String email) {
    var world = world();
    var visitor = new Visitor(world);

    var refused = back(visitor, organisation.signIn(begin(visitor, "/sign-in"), "1", email));

    assertThatNobodyIsIn(world, visitor, refused);
    assertThat(refused.text()).contains("Person manifest", "remit apply").doesNotContain("<b>");
  }

  @Test
  void an_address_that_nobody_verified_is_nobodys() {
    var world = world();
    organisation.claims = json -> json.put("email_verified", false);
    var visitor = new Visitor(world);

    var refused =
        back(visitor, organisation.signIn(begin(visitor, "/sign-in"), "1", "sam@example.com"));

    assertThatNobodyIsIn(world, visitor, refused);
  }

  @Test
  void a_suspended_person_and_one_who_left_stay_outside() {
    var world = world();
    world.suspend("sam");
    for (var name : new String[] {"sam", "gone"}) {
      var visitor = new Visitor(world);
      var email = name + "@example.com";
      assertThatNobodyIsIn(
          world,
          visitor,
          back(visitor, organisation.signIn(begin(visitor, "/sign-in"), "1", email)));
    }
  }

  @Test
  void a_provider_that_is_away_is_said_to_be() {
    var world = world();
    organisation.close();

    var page = new Visitor(world).get("/sign-in/provider?next=/sign-in");

    assertThat(page.status()).isEqualTo(403);
    assertThat(page.text()).contains("cannot be used now", "Try again in a minute");
  }

  private static Shown again(SignInWorld world, Organisation organisation, String email) {
    var visitor = new Visitor(world);
    back(visitor, organisation.signIn(begin(visitor, "/sign-in"), "1", "sam@example.com"));
    world.pass(Duration.ofMinutes(20));
    var page = visitor.get("/sign-in/again?next=/console/risky");
    assertThat(page.text()).contains("Show it at 127.0.0.1").doesNotContain("password");
    var there =
        URI.create(visitor.get("/sign-in/provider?again=yes&next=/console/risky").location());
    assertThat(Addresses.parsed(there.getRawQuery()))
        .containsEntry("prompt", "login")
        .containsEntry("max_age", "300");
    return back(visitor, organisation.signIn(there, "1", email));
  }

  @Test
  void a_person_shows_at_the_provider_once_more_who_they_are() {
    var world = world();
    organisation.claims = json -> json.put("auth_time", world.now().getEpochSecond());

    var in = again(world, organisation, "sam@example.com");

    assertThat(in.status()).as(in.text()).isEqualTo(303);
    assertThat(in.location()).isEqualTo("https://remit.example/console/risky");
    assertThat(world.entries("session.started").getLast().path("shownAt").asString(""))
        .isEqualTo(world.now().toString());
  }

  @Test
  void a_provider_that_does_not_ask_again_is_not_believed() {
    var world = world();
    var before = world.now().getEpochSecond();
    organisation.claims = json -> json.put("auth_time", before);

    var refused = again(world, organisation, "sam@example.com");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("did not ask you again", "prompt=login");
    assertThat(world.entries("session.started")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "text", "future"})
  void a_provider_that_does_not_say_when_is_not_believed(String how) {
    var world = world();
    organisation.claims =
        json ->
            switch (how) {
              case "text" -> json.put("auth_time", "just now");
              case "future" -> json.put("auth_time", world.now().getEpochSecond() + 3_600);
              default -> json;
            };

    var refused = again(world, organisation, "sam@example.com");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("does not say when you signed in");
  }

  @Test
  void nobody_else_shows_it_for_a_person_who_is_signed_in() {
    var world = world();
    organisation.claims = json -> json.put("auth_time", world.now().getEpochSecond());

    var refused = again(world, organisation, "kim@example.com");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("you are still sam", "kim signed in");
    assertThat(world.entries("session.started")).hasSize(1);
  }

  @Test
  void a_person_who_declines_there_is_not_signed_in_here() {
    var world = world();
    var visitor = new Visitor(world);
    var state = Addresses.parsed(begin(visitor, "/sign-in").getRawQuery()).get("state");

    var refused =
        back(
            visitor,
            Map.of(
                "error",
                "access_denied",
                "state",
                String.valueOf(state),
                "iss",
                organisation.issuer().toString()));

    assertThatNobodyIsIn(world, visitor, refused);
  }

  private static void assertThatNobodyIsIn(SignInWorld world, Visitor visitor, Shown refused) {
    assertThat(refused.status()).as(refused.text()).isEqualTo(403);
    assertThat(refused.text()).contains("You are not signed in");
    assertThat(visitor.get("/sign-in").text()).contains("<h1>Sign in</h1>");
    assertThat(world.count("sign_in_session")).isZero();
  }

  private static JWKSet published(SignInWorld world) {
    try {
      var request = HttpRequest.newBuilder(world.address().resolve("/oauth2/jwks")).build();
      return JWKSet.parse(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    } catch (java.io.IOException | ParseException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
