package dev.remit.server.measures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Declared;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Tool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class MeasuresTest {
  private static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant END = BEGIN.plus(Duration.ofHours(10));

  private final List<RecordedEntry> entries = new ArrayList<>();
  private final List<Declared> declared = new ArrayList<>();

  private void at(long seconds, EntryType type, String... members) {
    var json = JsonMapper.shared().createObjectNode();
    json.put("type", type.word()).put("at", BEGIN.plusSeconds(seconds).toString());
    for (int i = 0; i < members.length; i += 2) {
      json.put(members[i], members[i + 1]);
    }
    entries.add(new RecordedEntry(entries.size(), json));
  }

  private void decided(long seconds, String identity, String decision) {
    at(
        seconds,
        EntryType.CALL_DECIDED,
        "id",
        "dec_" + seconds,
        "identity",
        "spiffe://t/" + identity,
        "task",
        "task_1",
        "decision",
        decision);
  }

  private void identity(String name, Optional<String> model) {
    declared.add(
        new Identity(
            new IdentityName(name),
            new SpiffeId("spiffe://t/" + name),
            new WorkflowName("invoices"),
            IdentityKind.AGENT,
            Autonomy.ACTS_ALONE,
            model.map(ModelName::new),
            Set.of(),
            List.of(new Authentication.Spiffe(new SpiffeId("spiffe://t/" + name)))));
  }

  private void model(String name, Lifecycle lifecycle) {
    declared.add(
        new Model(
            new ModelName(name),
            "example",
            name,
            Optional.empty(),
            Map.of(),
            OptionalLong.empty(),
            Map.of(),
            lifecycle));
  }

  private void tool(String name) {
    declared.add(
        new Tool(
            new ToolName(new ResourceName("files"), name),
            Set.of(Effect.READ),
            Set.of(),
            Optional.empty(),
            Digest.of(name),
            JsonMapper.shared().createObjectNode()));
  }

  private void grant(String identity, String... tools) {
    declared.add(
        new Grant(
            new GrantName(identity + "-files"),
            new IdentityName(identity),
            new ResourceName("files"),
            new Grant.Tools.Named(Set.of(tools)),
            Set.of(),
            List.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            10,
            new PersonName("ben"),
            END.plus(Duration.ofDays(30))));
  }

  private Period period() {
    return new Period(
        new WorkflowName("invoices"), BEGIN, END, entries, new Registered(1, declared));
  }

  private static Optional<Double> value(Balance balance, String name) {
    for (var side : List.of(balance.costs(), balance.brings())) {
      for (var figure : side) {
        if (figure.name().equals(name)) {
          return figure.value().isPresent()
              ? Optional.of(figure.value().getAsDouble())
              : Optional.empty();
        }
      }
    }
    throw new IllegalArgumentException("no figure " + name);
  }

  @Test
  @Tag("R228")
  void what_beta_models_wait_for_is_told_beside_what_all_others_wait_for() {
    model("new", Lifecycle.BETA);
    model("old", Lifecycle.GA);
    identity("beta", Optional.of("new"));
    identity("steady", Optional.of("old"));
    decided(10, "beta", "hold");
    at(10, EntryType.APPROVAL_OPENED, "approval", "apr_1", "identity", "spiffe://t/beta");
    at(
        130,
        EntryType.APPROVAL_SETTLED,
        "approval",
        "apr_1",
        "identity",
        "spiffe://t/beta",
        "outcome",
        "denied");
    decided(140, "beta", "allow");
    decided(150, "steady", "allow");

    var balance = BetaControls.of(period());

    assertThat(value(balance, "beta-held")).contains(500.0);
    assertThat(value(balance, "others-held")).contains(0.0);
    assertThat(value(balance, "beta-waited")).contains(1000.0);
    assertThat(value(balance, "beta-answer")).contains(120.0);
    assertThat(value(balance, "beta-stopped")).contains(500.0);
  }

  @Test
  void nothing_to_count_is_not_zero() {
    var balance = BetaControls.of(period());

    assertThat(value(balance, "beta-held")).isEmpty();
    assertThat(value(balance, "beta-answer")).isEmpty();
    assertThat(balance.json().toString()).contains("\"figure\":\"beta-held\",\"unit\"");
  }

  @Test
  @Tag("R229")
  void somebody_new_is_timed_to_the_first_allowed_call_beside_what_stays_out_of_reach() {
    identity("a", Optional.empty());
    tool("read");
    tool("write");
    tool("drop");
    tool("list");
    grant("a", "read");
    at(0, EntryType.REGISTRY_CHANGED, "kind", "identity", "name", "a", "action", "create");
    at(5, EntryType.EXCHANGE_REFUSED, "reason", "proof-expired");
    at(20, EntryType.CALL_REFUSED, "identity", "spiffe://t/a", "reason", "not-granted");
    decided(30, "a", "hold");
    decided(60, "a", "allow");
    decided(70, "a", "deny");
    at(3600, EntryType.TASK_STARTED, "id", "task_1", "expiresAt", END.toString());
    at(7200, EntryType.TASK_STARTED, "id", "task_2", "expiresAt", END.toString());
    at(7200, EntryType.TASK_COMPLETED, "id", "task_1");
    at(9000, EntryType.TASK_COMPLETED, "id", "task_2");

    var balance = Provisioning.of(period());

    assertThat(value(balance, "first-call")).contains(60.0);
    assertThat(value(balance, "refused-before")).contains(1.0);
    assertThat(value(balance, "exchanges-refused")).contains(1.0);
    assertThat(value(balance, "out-of-reach")).contains(75.0);
    assertThat(value(balance, "without-access")).contains(85.0);
  }

  @Test
  @Tag("R230")
  void the_way_into_production_is_timed_beside_what_it_stopped() {
    at(0, EntryType.REGISTRY_CHANGED, "kind", "workflow", "name", "invoices", "action", "create");
    at(100, EntryType.PROMOTION_REQUESTED, "id", "pro_1", "workflow", "invoices");
    at(160, EntryType.PROMOTION_SETTLED, "of", "pro_1", "outcome", "void");
    at(200, EntryType.PROMOTION_REQUESTED, "id", "pro_2", "workflow", "invoices");
    at(220, EntryType.PROMOTION_SETTLED, "of", "pro_2", "outcome", "agreed");
    at(220, EntryType.STAGE_CHANGED, "workflow", "invoices", "stage", "production");
    at(900, EntryType.PROOF_DECAYED, "workflow", "invoices");

    var balance = ReleaseGate.of(period());

    assertThat(value(balance, "gate-waited")).contains(40.0);
    assertThat(value(balance, "to-production")).contains(220.0);
    assertThat(value(balance, "stopped")).contains(1.0);
    assertThat(value(balance, "decayed")).contains(1.0);
  }

  @Test
  @Tag("R231")
  void short_credentials_are_told_beside_pilots_that_others_came_to_depend_on() {
    at(0, EntryType.TASK_STARTED, "id", "task_1");
    at(0, EntryType.TOKEN_ISSUED, "id", "a", "expiresAt", BEGIN.plusSeconds(180).toString());
    at(200, EntryType.TOKEN_ISSUED, "id", "b", "expiresAt", BEGIN.plusSeconds(500).toString());
    at(600, EntryType.CALL_REFUSED, "reason", "token-expired");
    at(700, EntryType.FINDING_RAISED, "id", "fnd_1", "kind", "pilot-depended-on");
    at(750, EntryType.FINDING_RAISED, "id", "fnd_2", "kind", "late-use");
    at(800, EntryType.FINDING_CLOSED, "of", "fnd_2");
    at(1000, EntryType.FINDING_CLOSED, "of", "fnd_1");

    var balance = Reviewing.of(period());

    assertThat(value(balance, "credential-life")).contains(240.0);
    assertThat(value(balance, "renewals")).contains(1000.0);
    assertThat(value(balance, "too-late")).contains(1.0);
    assertThat(value(balance, "pilots-depended-on")).contains(1.0);
    assertThat(value(balance, "remediated")).contains(300.0);
  }

  @Test
  @Tag("R232")
  void what_had_to_be_declared_is_told_beside_how_complete_the_evidence_is() {
    identity("a", Optional.empty());
    tool("read");
    grant("a", "read");
    decided(10, "a", "allow");
    at(11, EntryType.CALL_ENDED, "of", "dec_10");
    decided(20, "a", "allow");
    at(30, EntryType.CALL_REFUSED, "identity", "spiffe://t/a", "reason", "not-granted");
    decided(40, "stranger", "deny");

    var balance = Integration.of(period());

    assertThat(value(balance, "declared")).contains(4.0);
    assertThat(value(balance, "refused-before-policy")).contains(25.0);
    assertThat(value(balance, "completeness")).contains(50.0);
    assertThat(value(balance, "with-task").orElseThrow()).isBetween(66.0, 67.0);
  }
}
