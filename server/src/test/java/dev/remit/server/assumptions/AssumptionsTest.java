package dev.remit.server.assumptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Declared;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Workflow;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// What an approval rests on holds until exactly that changes.
@Tag("R93")
class AssumptionsTest {
  private static final Instant SOON = Instant.parse("2026-12-24T00:00:00Z");
  private static final IdentityName AGENT = new IdentityName("invoice-agent");
  private static final PersonName ANNA = new PersonName("anna");
  private static final ResourceName FILES = new ResourceName("files");

  private static Model model(String version, String temperature) {
    return new Model(
        new ModelName("gpt"),
        "acme",
        "acme-large",
        Optional.of(version),
        Map.of("temperature", temperature),
        OptionalLong.of(1000),
        Map.of("filter", "strict"),
        Lifecycle.GA);
  }

  private static Identity agent(Optional<ModelName> model) {
    return new Identity(
        AGENT,
        new SpiffeId("spiffe://remit.local/invoices/invoice-agent"),
        new WorkflowName("invoices"),
        IdentityKind.AGENT,
        Autonomy.ACTS_ALONE,
        model,
        Set.of(),
        List.of(new Authentication.Oidc(URI.create("https://idp.example"), "a", "b", Map.of())));
  }

  private static Tool tool(String definition, Effect effect) {
    return new Tool(
        new ToolName(FILES, "pay"),
        Set.of(effect),
        Set.of("internal"),
        Optional.empty(),
        Digest.of(definition),
        JsonMapper.shared().createObjectNode());
  }

  private static Grant grant(long callsMax, Instant expires) {
    return new Grant(
        new GrantName("agent-files"),
        AGENT,
        FILES,
        new Grant.Tools.EveryPinned(),
        Set.of(),
        List.of(),
        Set.of(),
        Set.of(),
        Set.of("internal"),
        callsMax,
        ANNA,
        expires);
  }

  private static Resource files(String url) {
    return new Resource(FILES, Environment.TEST, new Upstream.Http(URI.create(url), Map.of()));
  }

  private static Workflow workflow(PersonName owner, String purpose, Stage stage) {
    return new Workflow(
        new WorkflowName("invoices"),
        purpose,
        owner,
        Optional.empty(),
        "anna@example.org",
        Set.of("internal"),
        Set.of("pay"),
        stage,
        stage == Stage.PILOT ? Optional.of(SOON) : Optional.empty(),
        Duration.ofDays(30),
        ZoneOffset.UTC);
  }

  private static Person person(Role role, boolean active) {
    return new Person(
        new PersonName("bea"), "Bea", Optional.empty(), Optional.empty(), Set.of(role), active);
  }

  private static List<Declared> before() {
    return List.of(
        model("1", "0.2"),
        agent(Optional.of(new ModelName("gpt"))),
        tool("d", Effect.WRITE),
        grant(50, SOON),
        files("https://a.example"),
        workflow(ANNA, "Pay", Stage.PILOT),
        person(Role.APPROVER, true));
  }

  /// How things are once `changed` have taken the place of their namesakes.
  private static Present with(Declared... changed) {
    var all = new ArrayList<Declared>(List.of(changed));
    before().stream()
        .filter(old ->
            Stream.of(changed)
                .noneMatch(one -> one.kind() == old.kind() && one.key().equals(old.key())))
        .forEach(all::add);
    return new Present(
        new Registered(1, all),
        Digest.of("policies"),
        new RiskClasses(List.of("low", "high", "extreme"), _ -> "high"));
  }

  private static Assumptions all() {
    var now = with();
    var identity = now.declared().identity(AGENT).orElseThrow();
    return Assumptions.of(
        Assumption.modelOf(identity, now.declared()),
        Assumption.ToolIs.of(tool("d", Effect.WRITE)),
        Assumption.ServerIs.of(files("https://a.example")),
        new Assumption.PoliciesAre(Digest.of("policies")),
        Assumption.GrantIs.of(grant(50, SOON)),
        Assumption.OwnerIs.of(workflow(ANNA, "Pay", Stage.PILOT)),
        Assumption.WorkflowIs.of(workflow(ANNA, "Pay", Stage.PILOT)),
        Assumption.ReachIs.of(identity, now.declared()),
        new Assumption.RiskAtMost(AGENT, "high"),
        new Assumption.PersonMay(new PersonName("bea"), Role.APPROVER));
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> changes() {
    return Stream.of(
        change(with(model("2", "0.2")), "model"),
        change(with(model("1", "0.9")), "model"),
        change(with(agent(Optional.empty())), "model"),
        change(with(tool("d2", Effect.WRITE)), "tool,reach"),
        change(with(tool("d", Effect.DESTRUCTIVE)), "tool,reach"),
        change(with(files("https://b.example")), "server,reach"),
        change(with(grant(500, SOON)), "grant,reach"),
        change(with(workflow(new PersonName("otto"), "Pay", Stage.PILOT)), "owner"),
        change(with(workflow(ANNA, "Pay more", Stage.PILOT)), "workflow"),
        change(with(person(Role.AUDITOR, true)), "role"),
        change(with(person(Role.APPROVER, false)), "role"));
  }

  private static org.junit.jupiter.params.provider.Arguments change(Present now, String breaks) {
    return org.junit.jupiter.params.provider.Arguments.of(now, breaks);
  }

  @Test
  void everything_holds_while_nothing_changes() {
    assertThat(all().allBrokenIn(with())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void each_change_breaks_what_rests_on_it_and_nothing_else(Present now, String breaks) {
    var broken = all().allBrokenIn(now);

    assertThat(broken.stream().map(one -> one.assumption().json().path("assumes").stringValue()))
        .containsExactlyInAnyOrder(breaks.split(",", -1));
    assertThat(broken).allSatisfy(one -> assertThat(one.how()).isNotBlank());
  }

  @Test
  void prolonging_a_grant_or_leaving_the_pilot_stage_breaks_nothing() {
    var later = with(grant(50, SOON.plusSeconds(9)), workflow(ANNA, "Pay", Stage.PRODUCTION));

    assertThat(all().allBrokenIn(later)).isEmpty();
  }

  @Test
  void what_is_gone_or_cannot_be_said_does_not_hold() {
    var nothing =
        new Present(new Registered(2, List.of()), Digest.of("x"), RiskClasses.NOT_COMPUTED);

    assertThat(all().allBrokenIn(nothing)).hasSameSizeAs(all().all());
  }

  @Test
  void a_higher_class_of_risk_breaks_and_a_lower_one_does_not() {
    var higher =
        new Present(
            with().declared(),
            Digest.of("policies"),
            new RiskClasses(List.of("low", "high"), _ -> "high"));

    assertThat(new Assumption.RiskAtMost(AGENT, "low").brokenIn(higher)).isPresent();
    assertThat(new Assumption.RiskAtMost(AGENT, "high").brokenIn(higher)).isEmpty();
    assertThat(new Assumption.RiskAtMost(AGENT, "unheard-of").brokenIn(higher)).isPresent();
  }

  @Test
  void they_are_the_same_after_being_written_and_read_in_whatever_order() {
    var shuffled = new ArrayList<>(all().all());
    java.util.Collections.reverse(shuffled);

    var read =
        Assumptions.read(JsonMapper.shared().readTree(new Assumptions(shuffled).json().toString()));

    assertThat(read).isEqualTo(all());
    assertThat(read.digest()).isEqualTo(all().digest());
    assertThat(read.all()).allSatisfy(one -> assertThat(one.said()).isNotBlank());
  }

  @Test
  void a_kind_that_is_not_known_is_not_passed_over() {
    var json = JsonMapper.shared().readTree("[{\"assumes\":\"weather\"}]");

    assertThatThrownBy(() -> Assumptions.read(json)).hasMessageContaining("weather");
  }
}
