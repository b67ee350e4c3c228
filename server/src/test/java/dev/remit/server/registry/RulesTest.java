package dev.remit.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.registry.shape.Flaw;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a set of manifests must satisfy: each rule once refused, and once satisfied by
/// [RegistryTest].
class RulesTest {
  private final RegistryWorld world = new RegistryWorld();

  @BeforeEach
  void somebody_and_a_workflow() {
    world.given(Manifests.ANNA, Manifests.INVOICES);
  }

  @AfterEach
  void everything_is_on_record() {
    world.close();
  }

  @Test
  @Tag("R1")
  void two_identities_never_share_a_key() {
    var key = Manifests.key();

    var refused =
        refused(
            Manifests.identity("one", "invoices", key), Manifests.identity("two", "invoices", key));

    assertThat(refused.rule()).isEqualTo("R1");
    assertThat(refused.message()).contains("identity `two` has the key of identity `one`");
  }

  @Test
  @Tag("R1")
  void two_identities_never_share_a_spiffe_id() {
    var one = Manifests.AGENT + "  spiffeId: spiffe://remit.local/same\n";
    var two =
        Manifests.identity("two", "invoices", Manifests.key())
            + "  spiffeId: spiffe://remit.local/same\n";

    assertThat(world.refusals(one, two)).containsExactly("R1");
  }

  @Test
  @Tag("R1")
  void two_identities_never_share_an_issuers_subject() {
    var one = Manifests.federated("one", "system:serviceaccount:a:job");
    var two = Manifests.federated("two", "system:serviceaccount:a:job");

    assertThat(world.refusals(one, two)).containsExactly("R1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tlsClientAuth: {name: 'dns:agent.example'}",
        "selfSignedTlsClientAuth: {thumbprints: [A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0]}",
        "spiffe: {id: 'spiffe://prod.example/ns/invoices/sa/agent'}"
      })
  @Tag("R1")
  void two_identities_never_share_a_certificate_or_an_svid(String way) {
    assertThat(world.refusals(Manifests.by("one", way), Manifests.by("two", way)))
        .containsExactly("R1");
    world.given(Manifests.by("one", way));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tlsClientAuth: {name: agent.example}",
        "tlsClientAuth: {name: 'dns:'}",
        "tlsClientAuth: {name: 'subject:no name'}",
        "selfSignedTlsClientAuth: {thumbprints: ['too short']}",
        "selfSignedTlsClientAuth: {thumbprints: []}",
        "spiffe: {id: 'https://prod.example/agent'}"
      })
  void a_certificates_name_that_nobody_can_have_is_refused(String way) {
    assertThat(world.refusals(Manifests.by("one", way))).containsExactly("form");
  }

  @Test
  @Tag("R2")
  void a_persons_certificate_or_svid_is_no_workloads() {
    assertThat(
            world.refusals(
                Manifests.by("one", "tlsClientAuth: {name: 'uri:mailto:anna@example.org'}")))
        .contains("R2");
  }

  @Test
  @Tag("R1")
  void a_retired_identitys_key_never_serves_another() {
    world.given(Manifests.AGENT);
    world.registry.retire(new Ref(Kind.IDENTITY, "agent"), RegistryWorld.ADMIN, RegistryWorld.NOW);

    assertThat(world.refusals(Manifests.AGENT.replace("name: agent", "name: heir")))
        .containsExactly("R1");
    world.given(Manifests.AGENT);
  }

  @Test
  @Tag("R10")
  void an_identity_stays_with_its_workflow_for_good() {
    world.given(Manifests.AGENT);
    var other = Manifests.INVOICES.replace("name: invoices", "name: orders");

    var rules =
        world.refusals(other, Manifests.AGENT.replace("workflow: invoices", "workflow: orders"));

    assertThat(rules).contains("R10");
  }

  @ParameterizedTest
  @Tag("R2")
  @ValueSource(
      strings = {
        "anna@example.org",
        "ANNA@EXAMPLE.ORG",
        "anna",
        "Anna Berg",
        "user:somebody",
        "users/somebody",
        "arn:aws:iam::123456789012:user/somebody",
        "auth0|5f7c8ec7c33c6c004bbafe82",
        "accounts-payable@example.org"
      })
  void an_identity_is_never_a_persons(String subject) {
    assertThat(world.refusals(Manifests.federated("job", subject))).containsExactly("R2");
  }

  @ParameterizedTest
  @Tag("R2")
  @ValueSource(
      strings = {
        "system:serviceaccount:finance:invoice-import",
        "repo:example/invoices:ref:refs/heads/main",
        "import@project.iam.gserviceaccount.com",
        "1f0e4d4a-7c0b-4b0e-9d83-0a5f8f3f6a11"
      })
  void a_workloads_own_account_is_no_persons(String subject) {
    world.given(Manifests.federated("job", subject));

    assertThat(world.registry.current().identities()).hasSize(1);
  }

  /// Found with `remit init` in a folder of that name.
  @Test
  @Tag("R2")
  void a_workflow_called_user_makes_no_person_of_its_identity() {
    world.given(
        Manifests.INVOICES.replace("name: invoices", "name: user"),
        Manifests.identity("user-agent", "user", Manifests.key()));

    assertThat(world.registry.current().identities()).hasSize(1);
  }

  @Test
  @Tag("R3")
  void a_pilot_never_uses_an_account_that_is_shared() {
    var shared = Manifests.federated("job", "system:serviceaccount:finance:default");

    assertThat(world.refusals(shared)).containsExactly("R3");
  }

  @Test
  @Tag("R3")
  void a_shared_account_is_flagged_in_production() {
    world.promoted("invoices");

    assertThat(world.warnings(Manifests.federated("job", "system:serviceaccount:finance:default")))
        .containsExactly("R3");
  }

  @Test
  @Tag("R4")
  void an_identity_that_a_persons_claim_stands_behind_is_refused_and_any_other_flagged() {
    var job = Manifests.federated("job", "repo:example/invoices:ref:refs/heads/main");
    var hers = job.replace("subject:", "claims: {actor: anna}, subject:");
    var anyones = job.replace("subject:", "claims: {actor: build-bot}, subject:");

    assertThat(world.refusals(hers)).containsExactly("R2");
    assertThat(world.warnings(anyones)).containsExactly("R4");
  }

  @Test
  @Tag("R5")
  void a_published_test_key_is_refused() {
    var key =
        """
        {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}\
        """;

    assertThat(world.refusals(Manifests.identity("job", "invoices", key))).containsExactly("R5");
  }

  @Test
  @Tag("R7")
  void an_identity_without_its_workflow_is_refused() {
    var lost = Manifests.identity("job", "invoces", Manifests.key());

    var flaw = refused(lost);

    assertThat(flaw.rule()).isEqualTo("link");
    assertThat(flaw.remedy()).isEqualTo("did you mean `invoices`?");
    assertThat(flaw.place().line()).isEqualTo(5);
  }

  @Test
  @Tag("R8")
  void a_workflow_has_an_owner_who_holds_the_role_and_is_here() {
    var cleo = Manifests.ANNA.replace("anna", "cleo").replace("[owner, approver]", "[auditor]");
    var hers = Manifests.INVOICES.replace("owner: anna", "owner: cleo");

    assertThat(world.refusals(cleo, hers)).containsExactly("R8");
    var left = cleo.replace("roles: [auditor]", "roles: [owner], standing: left");
    assertThat(world.refusals(left, hers)).containsExactly("R8");
  }

  /// Somebody's leaving must never wait for paperwork.
  @Test
  @Tag("R8")
  void an_owner_may_leave_and_every_workflow_without_one_is_shown() {
    var gone = Manifests.ANNA.replace("approver]", "approver], standing: left");

    var planned = world.given(gone);

    assertThat(planned.flaws()).extracting(Flaw::rule).containsExactly("R8");
    assertThat(planned.flaws()).noneMatch(Flaw::isError);
    assertThat(world.registry.current().person(new PersonName("anna")).orElseThrow().active())
        .isFalse();
  }

  @Test
  @Tag("R9")
  void a_workflow_says_what_it_is_for() {
    assertThat(world.refusals(Manifests.INVOICES.replace("Match invoices to orders", "tbd")))
        .containsExactly("form");
    assertThat(world.refusals(Manifests.INVOICES.replace("[read-invoices]", "[]")))
        .containsExactly("form");
  }

  @ParameterizedTest
  @Tag("R57")
  @ValueSource(strings = {"2026-11-20", "2026-11-21T12:00:00Z", "2027-11-21"})
  void a_pilot_ends_and_within_the_limit(String expires) {
    assertThat(world.refusals(Manifests.INVOICES.replace("2027-02-01", expires)))
        .containsExactly("R57");
  }

  @Test
  @Tag("R57")
  void a_pilot_without_an_end_and_an_end_without_a_pilot_are_refused() {
    assertThat(world.refusals(Manifests.INVOICES.replace("  pilotExpires: 2027-02-01\n", "")))
        .containsExactly("R57");
    assertThat(world.refusals(Manifests.INVOICES.replace("stage: pilot", "stage: production")))
        .containsExactly("R57");
  }

  @Test
  @Tag("R206")
  void how_long_evidence_is_kept_is_decided_before_production() {
    var undecided = "  retention: 365d\n";

    assertThat(world.refusals(production().replace(undecided, ""))).containsExactly("R206");
    world.given(Manifests.INVOICES.replace(undecided, ""));
    world.given(Manifests.INVOICES);
    world.promoted("invoices");
    world.given(production());
  }

  @Test
  @Tag("R33")
  @Tag("R43")
  @Tag("R45")
  @Tag("R51")
  void nothing_comes_into_production_because_a_file_says_so() {
    assertThat(world.refusals(production())).containsExactly("R43");
    world.promoted("invoices");

    assertThat(world.warnings(Manifests.INVOICES)).containsExactly("R33");
    assertThat(world.refusals(production())).containsExactly("R43");
  }

  /// Time alone must not make every later apply fail.
  @Test
  @Tag("R57")
  void a_pilot_that_expired_since_is_a_warning_while_nobody_changes_it() {
    var later = RegistryWorld.NOW.plus(Duration.ofDays(100));
    var wish = RegistryWorld.wish(Manifests.INVOICES, Manifests.FILES);

    var applied = world.registry.apply(wish, RegistryWorld.ADMIN, later);

    assertThat(applied).isInstanceOf(Applied.Done.class);
    assertThat(((Applied.Done) applied).planned().flaws())
        .extracting(Flaw::rule)
        .containsExactly("R57");
  }

  @Test
  @Tag("R61")
  void every_tool_at_once_is_flagged_for_a_pilot() {
    assertThat(
            world.warnings(
                Manifests.FILES,
                Manifests.READ,
                Manifests.AGENT,
                Manifests.grant("wide", "agent", "['*']")))
        .containsExactly("R61");
  }

  @Test
  @Tag("R61")
  void a_grant_grants_something() {
    assertThat(
            world.refusals(
                Manifests.FILES, Manifests.AGENT, Manifests.grant("none", "agent", "[]")))
        .containsExactly("R61");
  }

  /// An agent that asks about others would learn what it may not do itself.
  @Test
  @Tag("R99")
  void only_a_service_asks_about_others_and_about_workflows_that_there_are() {
    var service = Manifests.AGENT.replace("kind: agent", "kind: service");
    var asks = Manifests.grant("asks", "agent", "[]") + "  asks: [invoices]\n";

    assertThat(world.refusals(Manifests.FILES, Manifests.AGENT, asks)).containsExactly("R99");
    assertThat(world.refusals(Manifests.FILES, service, asks.replace("[invoices]", "[invoice]")))
        .containsExactly("link");
    assertThat(world.refusals(Manifests.FILES, service, asks.replace("[invoices]", "['*', a]")))
        .contains("form");
    world.given(Manifests.FILES, service, asks);
  }

  @ParameterizedTest
  @Tag("R63")
  @ValueSource(strings = {"2026-11-01", "2028-01-01"})
  void a_grant_ends_and_within_the_limit(String expires) {
    assertThat(with(Manifests.GRANT.replace("2027-02-01", expires))).containsExactly("R63");
  }

  @Test
  @Tag("R88")
  void a_grant_stays_within_the_data_that_its_workflow_may_reach() {
    var wide = Manifests.GRANT.replace("dataClasses: [internal]", "dataClasses: [internal, hr]");

    assertThat(with(wide)).containsExactly("R88");
  }

  @Test
  @Tag("R85")
  void a_tool_that_touches_more_than_the_grant_is_refused() {
    assertThat(with(Manifests.GRANT.replace("dataClasses: [internal]", "dataClasses: []")))
        .containsExactly("R88");
  }

  @Test
  @Tag("R89")
  void a_grant_names_tools_that_somebody_reviewed() {
    var flaw = refused(rest(Manifests.grant("odd", "agent", "[read_fil]")));

    assertThat(flaw.rule()).isEqualTo("link");
    assertThat(flaw.remedy()).isEqualTo("did you mean `files/read_file`?");
  }

  @Test
  @Tag("R94")
  @Tag("R72")
  void who_only_answers_is_never_granted_what_acts() {
    var answers = Manifests.AGENT.replace("acts-with-confirmation", "answers-only");

    assertThat(
            world.refusals(
                Manifests.FILES,
                Manifests.WRITE,
                answers,
                Manifests.grant("writes", "agent", "[write_file]")))
        .containsExactly("R94");
  }

  @ParameterizedTest
  @Tag("R63")
  @ValueSource(
      strings = {
        "{stdio: {command: s, env: {GITHUB_TOKEN: hunter2}}}",
        "{stdio: {command: s, env: {DB: 'postgres://app:hunter2@db/app'}}}",
        "{stdio: {command: s, args: [--api-key, hunter2]}}",
        "{stdio: {command: s, args: [--token=hunter2]}}",
        "{stdio: {command: s, env: {X: ghp_0123456789abcdefghij0123456789abcdef}}}",
        "{stdio: {command: s, env: {X: Zx9Qm4Lr7Tb2Vn8Kc5Wp1Hd6Ys3Fg0Ja}}}",
        "{http: {url: 'https://host/mcp', headers: {Authorization: Bearer hunter2}}}",
        "{http: {url: 'https://app:hunter2@host/mcp'}}",
        "{http: {url: 'https://host/mcp?api_key=hunter2'}}"
      })
  void a_credential_in_a_manifest_is_refused_and_never_repeated(String upstream) {
    var flaw = refused(Manifests.resource(upstream));

    assertThat(flaw.rule()).isEqualTo("R63");
    assertThat(flaw.remedy()).contains("remit secret put");
    assertThat(flaw.message() + flaw.remedy()).doesNotContain("hunter2").doesNotContain("Zx9Qm4");
  }

  @Test
  void what_is_only_long_or_only_called_alike_is_no_credential() {
    world.given(
        Manifests.resource(
            """
            {stdio: {command: /opt/bin/server-with-a-rather-long-name-2, args: [--token, "1000"],
             env: {TOKENIZERS_PARALLELISM: "false", CACHE: /var/cache/a-long-directory-name-42,
                   MAX_TOKEN: "4096", MODEL: text-embedding-3-large}}}\
            """));

    assertThat(world.registry.current().resources()).hasSize(1);
  }

  @Test
  @Tag("R85")
  void a_secret_that_is_not_there_yet_is_a_warning() {
    var resource =
        Manifests.resource("{stdio: {command: s, env: {ARCHIVE_TOKEN: {secret: not-yet}}}}");

    assertThat(world.warnings(resource)).containsExactly("R85");
  }

  @Test
  @Tag("R63")
  void a_private_key_is_refused_and_never_repeated() {
    var key = Manifests.ecKey();

    var flaw = refused(Manifests.identity("job", "invoices", key.toJSONString()));

    assertThat(flaw.rule()).isEqualTo("R63");
    assertThat(flaw.message()).doesNotContain(key.getD().toString());
  }

  @Test
  void a_point_off_its_curve_is_no_key() {
    var key =
        Manifests.ecKey().toPublicJWK().toJSONString().replaceAll("\"x\":\"....", "\"x\":\"AAAA");

    assertThat(world.refusals(Manifests.identity("job", "invoices", key))).containsExactly("form");
  }

  @Test
  void somebody_can_always_administer() {
    var admin =
        """
        apiVersion: remit.dev/v1
        kind: Person
        metadata: {name: admin}
        spec: {displayName: Administrator, roles: [owner]}
        """;

    assertThat(world.refusals(admin)).containsExactly("admin");
  }

  @Test
  void nobody_makes_themselves_more_than_they_are() {
    var owner = RegistryWorld.author("anna", Role.OWNER);
    var wish = RegistryWorld.wish(Manifests.ANNA.replace("[owner, approver]", "[owner, admin]"));

    var applied = world.registry.apply(wish, owner, RegistryWorld.NOW);

    assertThat(((Applied.Refused) applied).planned().flaws())
        .extracting(Flaw::rule)
        .containsExactly("access");
  }

  @Test
  void an_owner_declares_what_they_answer_for() {
    var owner = RegistryWorld.author("anna", Role.OWNER);

    var applied =
        world.registry.apply(RegistryWorld.wish(Manifests.FILES), owner, RegistryWorld.NOW);

    assertThat(applied).isInstanceOf(Applied.Done.class);
  }

  private Flaw refused(String... documents) {
    var planned = world.plan(documents);
    assertThat(planned.isApplicable()).isFalse();
    return planned.flaws().stream().filter(Flaw::isError).findFirst().orElseThrow();
  }

  private List<String> with(String grant) {
    return world.refusals(rest(grant));
  }

  private static String[] rest(String grant) {
    return Stream.of(Manifests.FILES, Manifests.READ, Manifests.WRITE, Manifests.AGENT, grant)
        .toArray(String[]::new);
  }

  private static String production() {
    return Manifests.INVOICES
        .replace("stage: pilot", "stage: production")
        .replace("  pilotExpires: 2027-02-01\n", "");
  }
}
