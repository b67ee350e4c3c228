package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Suspensions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Stopping what lies beside identity, workflow and owner: a resource, a model, one key, one token.
@Tag("R170")
class SuspensionKindsTest {
  private static final Duration AT_ONCE = Duration.ofSeconds(2);
  private static final String REASON = "{\"reason\":\"it leaks\"}";

  private final TokenWorld world = new TokenWorld();
  private final String key = Authentication.thumbprint(world.agentKey.toPublicJWK());

  @BeforeEach
  void the_agent_is_decided_by_a_model() {
    var model = new ModelName("opus");
    world.declare(
        new Model(
            model,
            "vendor",
            "opus-5",
            Optional.empty(),
            Map.of(),
            OptionalLong.empty(),
            Map.of(),
            Lifecycle.GA));
    world.declare(
        new Identity(
            new IdentityName("invoice-agent"),
            new SpiffeId(TokenWorld.AGENT),
            new WorkflowName("invoices"),
            IdentityKind.AGENT,
            Autonomy.ACTS_WITH_CONFIRMATION,
            Optional.of(model),
            Set.of(),
            List.of(new Authentication.PrivateKeyJwt(List.of(world.agentKey.toPublicJWK())))));
  }

  @AfterEach
  void close() {
    world.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Party.Kind.class,
      names = {"RESOURCE", "MODEL", "KEY"})
  void whatever_rests_on_it_is_refused_at_every_node_and_no_new_token_is_issued(Party.Kind kind) {
    var other = world.node();
    var heard = Collections.synchronizedList(new ArrayList<Party>());
    other.authorization.standings().onSuspended(heard::add);
    var token = world.token();
    assertThat(other.check(token)).isInstanceOf(TokenCheck.Good.class);

    var answer = suspend(party(kind), world.operator("sam"));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    var suspended = new TokenCheck.Suspended(kind.word(), party(kind).name());
    assertThat(world.first().check(token)).isEqualTo(suspended);
    await().atMost(AT_ONCE).until(() -> other.check(token).equals(suspended));
    await().atMost(AT_ONCE).until(() -> heard.equals(List.of(party(kind))));
    var refused = world.exchange(world.form(world.proof().sign()));
    assertThat(refused.json().path("reason").stringValue()).isEqualTo(kind.word() + "-suspended");
    assertThat(world.entries("standing.changed"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("kind").stringValue()).isEqualTo(kind.word()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Party.Kind.class,
      names = {"RESOURCE", "MODEL", "KEY"})
  void once_it_is_resumed_work_goes_on_with_new_tokens_only(Party.Kind kind) {
    var old = world.token();
    suspend(party(kind), world.operator("sam"));

    world.resume(party(kind));

    assertThat(world.first().check(old))
        .isEqualTo(new TokenCheck.Invalid("from-before-a-suspension"));
    assertThat(world.first().check(world.token())).isInstanceOf(TokenCheck.Good.class);
  }

  @Test
  void lists_show_what_is_suspended_and_why() {
    var standings = world.first().authorization.standings();
    var ref = new Ref(Kind.RESOURCE, "files");
    assertThat(standings.suspension(ref)).isEmpty();

    suspend(Party.of(new ResourceName("files")), world.operator("sam"));

    assertThat(standings.suspension(ref).map(Suspensions.Suspension::reason)).contains("it leaks");
    assertThat(standings.suspension(ref).map(Suspensions.Suspension::by)).contains("sam");
    assertThat(standings.suspension(new Ref(Kind.RESOURCE, "mail"))).isEmpty();
    assertThat(
            world
                .first()
                .authorization
                .tokens()
                .against(new ResourceName("files"))
                .map(Tokens.NoStanding::reasonCode))
        .contains("resource-suspended");
  }

  @Test
  void another_resource_goes_on_and_a_task_can_still_be_ended() {
    var form = world.form(world.proof().sign());
    form.put("resource", TokenWorld.ISSUER + "/mcp/mail");
    var token = world.token();

    suspend(Party.of(new ResourceName("files")), world.operator("sam"));

    assertThat(world.exchange(form).status()).isEqualTo(200);
    var ended = world.post("/v1/tasks/" + TokenWorld.task(token) + "/complete", token, "");
    assertThat(ended.status()).as(ended.text()).isEqualTo(200);
  }

  @Test
  @Tag("R65")
  void a_platforms_proof_and_another_key_are_not_touched_by_a_suspended_key() {
    var spare = TestIssuer.fresh("spare-key");
    world.declare(
        TokenWorld.agent(
            new Authentication.PrivateKeyJwt(
                List.of(world.agentKey.toPublicJWK(), spare.toPublicJWK()))));
    suspend(Party.key(key), world.operator("sam"));

    var refused = world.exchange(world.form(world.proof().sign()));
    var issued = world.exchange(world.form(Proof.own(TokenWorld.AGENT, spare, world.now()).sign()));

    assertThat(refused.json().path("reason").stringValue()).isEqualTo("key-suspended");
    assertThat(issued.status()).as(issued.text()).isEqualTo(200);
    assertThat(world.first().check(issued.json().path("access_token").stringValue()))
        .isInstanceOf(TokenCheck.Good.class);
  }

  @Test
  @Tag("R65")
  void one_token_is_withdrawn_by_its_id_and_the_task_goes_on() {
    var token = world.token();
    var jti = TokenWorld.claims(token).path("jti").stringValue();
    var told = new ArrayList<String>();
    world.first().authorization.standings().onWithdrawn(told::add);

    var stranger = world.post("/v1/tokens/" + jti + "/suspend", world.operator("otto"), REASON);
    var unknown = world.post("/v1/tokens/nothing/suspend", world.operator("sam"), REASON);
    var owner = world.post("/v1/tokens/" + jti + "/suspend", world.operator("anna"), REASON);

    assertThat(stranger.status()).isEqualTo(403);
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(owner.status()).as(owner.text()).isEqualTo(200);
    assertThat(world.first().check(token)).isEqualTo(new TokenCheck.Invalid("withdrawn"));
    assertThat(told).containsExactly(jti);
    assertThat(world.entries("token.revoked"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.path("reason").stringValue()).isEqualTo("it leaks"));
  }

  @Test
  void the_owner_stops_a_key_of_theirs_and_only_security_a_resource_or_a_model() {
    assertThat(suspend(Party.key(key), world.operator("otto")).status()).isEqualTo(403);
    assertThat(suspend(Party.key(key), world.operator("anna")).status()).isEqualTo(200);
    assertThat(suspend(party(Party.Kind.RESOURCE), world.operator("anna")).status()).isEqualTo(403);
    assertThat(suspend(party(Party.Kind.MODEL), world.operator("anna")).status()).isEqualTo(403);
    assertThat(suspend(Party.of(new ModelName("none")), world.operator("sam")).status())
        .isEqualTo(404);
    assertThat(suspend(Party.key("x".repeat(43)), world.operator("sam")).status()).isEqualTo(404);
  }

  private Party party(Party.Kind kind) {
    return switch (kind) {
      case RESOURCE -> Party.of(new ResourceName("files"));
      case MODEL -> Party.of(new ModelName("opus"));
      case KEY -> Party.key(key);
      case IDENTITY, WORKFLOW, PERSON -> throw new IllegalArgumentException("tested elsewhere");
    };
  }

  private TokenWorld.Response suspend(Party party, String bearer) {
    var path = "/v1/" + party.kind().word() + "s/" + party.name() + "/suspend";
    return world.post(path, bearer, REASON);
  }
}
