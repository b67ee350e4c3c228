package dev.remit.server.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.task.TaskScope;
import dev.remit.server.findings.Finding;
import dev.remit.server.gateway.TokenUse;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Workflow;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.tokens.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Each detection where it must speak, and where it must be silent.
@Tag("R192")
@Tag("R193")
class DetectionTest {
  private static final Instant NOW = DetectionWorld.NOW;

  private final DetectionWorld world = new DetectionWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void one_credential_of_two_identities_is_found() {
    issued("spiffe://t/a", "sha256:01", NOW);
    issued("spiffe://t/b", "sha256:01", NOW.plusSeconds(60));

    world.assertFound("credential-of-two-identities", "sha256:01");
    assertThat(world.found().getFirst().summary())
        .contains("spiffe://t/a")
        .contains("spiffe://t/b");
  }

  @Test
  @Tag("R126")
  void a_workflow_that_became_riskier_is_found_and_one_that_is_new_or_less_so_is_not() {
    risk("new", "", "high", true);
    risk("less", "high", "low", false);
    risk("desk", "moderate", "critical", true);

    world.assertFound("risk-rises", "desk");
    assertThat(world.found().getFirst().summary()).contains("from moderate to critical");
  }

  @Test
  @Tag("R55")
  void a_pilot_that_touched_production_is_found_once_a_day() {
    world.declared(workflow(Stage.PILOT), resource(Environment.PRODUCTION));

    reached(NOW);
    reached(NOW.plusSeconds(1));

    world.assertFound("pilot-in-production", "desk");
    assertThat(world.found().getFirst().times()).isEqualTo(1);
  }

  @Test
  @Tag("R54")
  void a_pilot_that_worked_there_for_days_is_depended_on() {
    world.declared(workflow(Stage.PILOT), resource(Environment.PRODUCTION));

    for (int day = 0; day < 5; day++) {
      reached(NOW.plus(Duration.ofDays(day)));
    }

    assertThat(world.found())
        .extracting(Finding::kind)
        .contains("pilot-in-production", "pilot-depended-on");
  }

  @Test
  @Tag("R55")
  void a_pilot_on_test_data_and_a_promoted_one_are_silent() {
    world.declared(workflow(Stage.PILOT), resource(Environment.TEST));
    reached(NOW);
    world.assertSilent();

    world.declared(workflow(Stage.PRODUCTION), resource(Environment.PRODUCTION));
    reached(NOW);
    world.assertSilent();
  }

  private void risk(String workflow, String before, String after, boolean rises) {
    world.risk(workflow, before, after, rises);
  }

  private void reached(Instant at) {
    world.record(
        EntryType.CALL_DECIDED, at, "workflow", "desk", "resource", "letters", "decision", "allow");
  }

  private static Workflow workflow(Stage stage) {
    return new Workflow(
        new WorkflowName("desk"),
        "Answer letters",
        new PersonName("anna"),
        Optional.empty(),
        "desk@example.org",
        Set.of(),
        Set.of("answer"),
        stage,
        stage == Stage.PILOT ? Optional.of(NOW.plus(Duration.ofDays(60))) : Optional.empty(),
        Duration.ofDays(30),
        ZoneOffset.UTC);
  }

  private static Resource resource(Environment environment) {
    return new Resource(
        new ResourceName("letters"),
        environment,
        new Upstream.Stdio("letters", List.of(), Map.of(), Optional.empty()));
  }

  @Test
  void credentials_of_ones_own_and_one_that_was_handed_on_long_ago_are_silent() {
    issued("spiffe://t/a", "sha256:01", NOW);
    issued("spiffe://t/a", "sha256:02", NOW);
    issued("spiffe://t/b", "sha256:03", NOW);
    issued("spiffe://t/b", "sha256:01", NOW.plus(Duration.ofDays(31)));

    world.assertSilent();
  }

  @Test
  void a_token_that_is_tried_after_its_task_is_found() {
    var task = ended(NOW);
    refused("task-ended", NOW.plusSeconds(11), "task", task.value());

    world.assertFound("use-after-task", task.value());
  }

  @Test
  void a_token_that_is_tried_just_after_its_task_is_silent() {
    var task = ended(NOW);
    refused("task-ended", NOW.plusSeconds(9), "task", task.value());
    refused("task-ended", NOW.plusSeconds(99), "task", TaskId.fresh(NOW).value());

    world.assertSilent();
  }

  @Test
  void a_persons_login_in_place_of_a_workloads_is_found() {
    world.record(EntryType.EXCHANGE_REFUSED, NOW, "reason", "person-principal");

    world.assertFound("person-as-workload", "token endpoint");
  }

  @Test
  void another_refused_exchange_is_silent() {
    world.record(EntryType.EXCHANGE_REFUSED, NOW, "reason", "proof-expired");

    world.assertSilent();
  }

  @Test
  @Tag("R97")
  void an_identity_that_asks_again_and_again_for_what_it_was_not_granted_is_found() {
    for (int i = 0; i < 3; i++) {
      refused("not-granted", NOW.plusSeconds(i), "identity", "spiffe://t/a");
    }

    world.assertFound("use-outside-workflow", "spiffe://t/a");
  }

  @Test
  void single_refusals_and_slow_ones_and_those_of_several_are_silent() {
    refused("not-granted", NOW, "identity", "spiffe://t/a");
    refused("not-granted", NOW, "identity", "spiffe://t/b");
    refused("bad-arguments", NOW, "identity", "spiffe://t/a");
    refused("not-granted", NOW.plus(Duration.ofMinutes(11)), "identity", "spiffe://t/a");
    refused("not-granted", NOW.plus(Duration.ofMinutes(22)), "identity", "spiffe://t/a");

    world.assertSilent();
  }

  @ParameterizedTest
  @Tag("R195")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "grant    | {'approvedBy':'sam','tools':['a']}  | {'approvedBy':'sam','tools':['a','b']}",
        "grant    | {'approvedBy':'sam','tools':['a']}  | {'approvedBy':'sam','tools':['*']}",
        "grant    | {'approvedBy':'sam','limits':{'callsPerTask':5}} | {'approvedBy':'sam','limits':{'callsPerTask':6}}",
        "grant    | {'approvedBy':'sam','expires':'2026-12-01T00:00:00Z'} | {'approvedBy':'sam','expires':'2026-12-02T00:00:00Z'}",
        "person   | {'roles':['owner']}                 | {'roles':['owner','admin']}",
        "workflow | {'dataClasses':['public']}          | {'dataClasses':['public','secret']}",
        "workflow | {'intents':['read']}                | {'intents':['pay','read']}"
      })
  void authority_that_grew_without_an_approval_is_found(String kind, String before, String after) {
    world.changed(kind, "x", "sam", json(before), json(after));

    world.assertFound("privilege-escalation", kind + " x");
    assertThat(world.found().getFirst().severity()).isEqualTo(Finding.Severity.HIGH);
    assertThat(world.found().getFirst().summary()).contains("`sam`");
  }

  @ParameterizedTest
  @Tag("R195")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "grant    | {'approvedBy':'eve','tools':['a']}  | {'approvedBy':'eve','tools':['a','b']}",
        "grant    | {'approvedBy':'sam','tools':['a','b']} | {'approvedBy':'sam','tools':['b']}",
        "grant    | {'approvedBy':'sam','limits':{'callsPerTask':6}} | {'approvedBy':'sam','limits':{'callsPerTask':5}}",
        "person   | {'roles':['owner','admin']}         | {'roles':['owner']}",
        "person   | {'displayName':'A'}                 | {'displayName':'B'}",
        "workflow | {'dataClasses':['public']}          | {'dataClasses':[]}",
        "tool     | {'effects':['read']}                | {'effects':['read','write']}"
      })
  void what_somebody_else_approved_and_what_shrinks_is_silent(
      String kind, String before, String after) {
    world.changed(kind, "x", "sam", json(before), json(after));

    world.assertSilent();
  }

  @Test
  void a_roll_of_the_keys_is_found() {
    world.rolled();

    world.assertFound("signing-key-rolled", "roll 7");
  }

  @Test
  void a_token_in_two_places_is_found() {
    use("jti-1", "10.0.0.1", NOW);
    use("jti-1", "10.0.0.2", NOW.plusSeconds(59));

    await().atMost(Duration.ofSeconds(20)).until(() -> !world.findings.newest().isEmpty());
    world.assertFound("token-in-two-places", "agent");
  }

  @Test
  void a_token_that_moves_and_two_tokens_in_two_places_are_silent() {
    use("jti-1", "10.0.0.1", NOW);
    use("jti-1", "10.0.0.1", NOW.plusSeconds(1));
    use("jti-2", "10.0.0.2", NOW.plusSeconds(1));
    use("jti-1", "10.0.0.3", NOW.plusSeconds(61));
    world.rolled();

    // What was found on the way is raised before entries are looked at.
    world.assertFound("signing-key-rolled", "roll 7");
  }

  @Test
  void what_was_recorded_while_nobody_looked_is_looked_at_after_the_next_start() {
    world.end();
    world.rolled();

    world.begin();

    world.assertFound("signing-key-rolled", "roll 7");
  }

  /// Whether the finding or the position was lost, or stored and reported as lost: it is there.
  @ParameterizedTest
  @EnumSource
  void a_fault_loses_no_finding(CommitFaults.Fault fault) {
    world.end();
    world.rolled();
    world.faults.failNext(fault);

    beginWhateverFails();

    world.assertFound("signing-key-rolled", "roll 7");
  }

  private void beginWhateverFails() {
    try {
      world.begin();
    } catch (DatabaseUnavailable e) {
      world.begin();
    }
  }

  private void issued(String identity, String credential, Instant at) {
    world.record(EntryType.TOKEN_ISSUED, at, "identity", identity, "credential", credential);
  }

  private void refused(String reason, Instant at, String member, String value) {
    world.record(EntryType.CALL_REFUSED, at, "reason", reason, member, value, "resource", "bank");
  }

  private TaskId ended(Instant at) {
    var id = TaskId.fresh(at);
    world.tasks.put(
        id,
        new Task(
            id,
            new IdentityName("agent"),
            new SpiffeId("spiffe://remit.local/invoices/agent"),
            new WorkflowName("invoices"),
            "pay",
            new TaskScope(new TaskScope.Tools.AllGranted(), at.plusSeconds(3600), 5),
            at.minusSeconds(60),
            Optional.of(new Task.Ending(at, "anna")),
            Optional.empty(),
            Optional.empty()));
    return id;
  }

  private void use(String jti, String from, Instant at) {
    world.detection().places().accept(new TokenUse(jti, new IdentityName("agent"), from, at));
  }

  private static String json(String quoted) {
    return quoted.replace('\'', '"');
  }
}
