package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.Quorum;
import dev.remit.kernel.policy.Terms;
import dev.remit.kernel.state.Disagreement;
import dev.remit.kernel.state.StateReport;
import dev.remit.server.approvals.Answering;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.ApprovalsConfig;
import dev.remit.server.approvals.Asking;
import dev.remit.server.approvals.Attached;
import dev.remit.server.approvals.Binding;
import dev.remit.server.approvals.ForTask;
import dev.remit.server.approvals.Part;
import dev.remit.server.approvals.Separation;
import dev.remit.server.approvals.Wanted;
import dev.remit.server.assumptions.Assumption;
import dev.remit.server.assumptions.Assumptions;
import dev.remit.server.assumptions.Broken;
import dev.remit.server.assumptions.Present;
import dev.remit.server.assumptions.RiskClasses;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.enforcement.Enforcement;
import dev.remit.server.enforcement.EnforcementConfig;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.PolicyCheck;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.RegistryConfig;
import dev.remit.server.registry.Wish;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.Resumptions;
import dev.remit.server.tokens.TokenConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// Every feature that changes who may do what, over one real database and one real ledger, with
/// people who do this and that.
final class StateWorld implements AutoCloseable {
  private static final PersonName ADMIN = new PersonName("admin");
  private static final PersonName OTTO = new PersonName("otto");
  private static final PersonName OLGA = new PersonName("olga");

  /// Nobody is kept from asking.
  private static final ApprovalsConfig ROOMY =
      new ApprovalsConfig(
          Duration.ofMinutes(10),
          1024,
          new ApprovalsConfig.Reminding(50, 80),
          new ApprovalsConfig.ForTask(10, Duration.ofHours(1)),
          new ApprovalsConfig.Crowding(1_000, 1_000, 1_000, 10_000, Duration.ofMinutes(1)));

  private final InstantSource clock = InstantSource.system();
  private final Path data = TestDatabase.enterable("state-");
  private final Database database = Database.open(TestDatabase.freshConfig());
  private final MasterKey master = MasterKey.open(data, Map.of());
  private final Ledger ledger =
      Ledger.open(database, new LedgerConfig("node-1", "state.test/1"), KeyWrap.of(master), clock);
  private final Secrets secrets = new Secrets(database, ledger, master);
  private final Findings findings = new Findings(database, ledger);
  private final Registry registry =
      Registry.open(
          database,
          ledger,
          RegistryConfig.DEFAULT,
          proposed -> new PolicyCheck.Verdict.Valid(Digest.of("" + proposed.policies()), List.of()),
          _ -> true,
          clock.instant());
  private final Authorization authorization =
      new Authorization(
          TokenConfig.of(URI.create("https://remit.example")),
          database,
          ledger,
          master,
          registry::current,
          clock);
  private final Approvals approvals =
      new Approvals(
          database,
          ledger,
          findings,
          ROOMY,
          () -> new Present(registry.current(), Digest.of("policies"), RiskClasses.NOT_COMPUTED),
          new Separation(Set.of(), registry::current),
          Part.by(registry));
  private final Enforcement enforcement =
      new Enforcement(database, ledger, EnforcementConfig.DEFAULT, registry::current, clock);

  StateWorld() {
    for (var person : List.of(OTTO, OLGA)) {
      declare(
          """
          apiVersion: remit.dev/v1
          kind: Person
          metadata: {name: %s}
          spec: {displayName: %s, email: %s@example.com, roles: [approver]}
          """
              .formatted(person, person, person));
    }
  }

  /// Lets people do `changes` things.
  StateWorld after(Random random, int changes) {
    for (int i = 0; i < changes; i++) {
      change(random);
    }
    return this;
  }

  /// Lets somebody do something.
  void change(Random random) {
    var now = clock.instant();
    switch (random.nextInt(8)) {
      case 0 -> declare(random);
      case 1 -> secret(random, now);
      case 2 -> operator(random, now);
      case 3 -> standing(random, now);
      case 4 -> approval(random, now);
      case 5 -> enforce(random, now);
      case 6 -> finding(random, now);
      default -> approvals.lapse(now);
    }
  }

  private void declare(Random random) {
    var name = "person-" + random.nextInt(4);
    var roles = random.nextBoolean() ? "[owner]" : "[approver, auditor]";
    declare(
        """
        apiVersion: remit.dev/v1
        kind: Person
        metadata: {name: %s}
        spec: {displayName: %s, email: %s@example.org, roles: %s}
        ---
        apiVersion: remit.dev/v1
        kind: Policy
        metadata: {name: number-%d}
        spec:
          description: Number %d
          cedar: "forbid (principal, action, resource);"
        """
            .formatted(name, name, name, roles, random.nextInt(3), random.nextInt(100)));
  }

  private void declare(String yaml) {
    var author = new Author(ADMIN, EnumSet.allOf(Role.class));
    var wish = Wish.of(new ManifestFile("test.yaml", yaml));
    assertThat(registry.apply(wish, author, clock.instant())).isInstanceOf(Applied.Done.class);
  }

  private void secret(Random random, Instant now) {
    var name = new SecretName("secret-" + random.nextInt(3));
    if (random.nextInt(3) == 0) {
      secrets.delete(name, ADMIN, now);
    } else {
      secrets.put(name, new SecretValue("value " + random.nextInt()), false, ADMIN, now);
    }
  }

  private void operator(Random random, Instant now) {
    var person = new PersonName("person-" + random.nextInt(4));
    if (random.nextInt(3) == 0) {
      authorization.operators().withdraw(person, ADMIN, now);
    } else {
      var until = Optional.of(now.plusSeconds(600)).filter(_ -> random.nextBoolean());
      authorization.operators().issue(person, ADMIN, until, now);
    }
  }

  private void standing(Random random, Instant now) {
    var party = Party.of(new IdentityName("agent-" + random.nextInt(3)));
    if (random.nextBoolean()) {
      authorization.standings().suspend(party, ADMIN, "enough", now);
    } else {
      if (authorization.resumptions().ask(party, ADMIN, "all is well", now)
          instanceof Resumptions.Asked.Open(var asked)) {
        authorization.resumptions().answer(asked.id(), OTTO, random.nextBoolean(), now);
      }
    }
  }

  /// A call is held; somebody agrees or not, perhaps for the task, perhaps as one of two; it is
  /// made or not, and people may be told again.
  ApprovalId approval(Random random, Instant now) {
    var hold =
        new Decision.Hold(
            List.of(new PolicyId("big-payments")),
            new Terms(
                Set.of(new Quorum(1 + random.nextInt(2), Set.of(Role.APPROVER))), 5, Set.of()),
            Duration.ofMinutes(1 + random.nextInt(5)),
            List.of());
    var decision = DecisionId.fresh(now);
    var approval = attached(binding(random), hold, decision, now);
    for (var person : List.of(OTTO, OLGA)) {
      if (random.nextInt(3) > 0) {
        boolean agrees = random.nextInt(4) > 0;
        approvals.answer(
            approval.id(),
            person,
            Set.of(Role.APPROVER),
            new Answering(
                agrees,
                "because",
                Optional.of(new ForTask(3, now.plusSeconds(60), Set.of()))
                    .filter(_ -> agrees && random.nextBoolean())),
            now);
      }
    }
    if (random.nextInt(5) == 0) {
      approvals.lapse(now.plusSeconds(45 + random.nextInt(60)));
    }
    var answered = approvals.find(approval.id()).orElseThrow();
    if (answered.state() == Approval.State.GRANTED) {
      switch (random.nextInt(3)) {
        case 0 -> approvals.consume(answered, decision, now);
        case 1 ->
            approvals.voided(
                answered,
                new Broken(
                    new Assumption.PoliciesAre(Digest.of("policies")), "the policies have changed"),
                now);
        default -> approvals.cancel(Party.of(new IdentityName("invoice-agent")), List.of(), now);
      }
    }
    if (random.nextBoolean()) {
      attached(like(approval.binding(), random), hold, decision, now);
    }
    return approval.id();
  }

  /// Another call of the same kind.
  private static Binding like(Binding one, Random random) {
    return new Binding(
        one.identity(),
        one.spiffeId(),
        one.workflow(),
        one.task(),
        one.intent(),
        one.asker(),
        one.wanted(),
        Digest.of("arguments " + random.nextInt()),
        one.policies());
  }

  private Approval attached(Binding binding, Decision.Hold hold, DecisionId decision, Instant now) {
    var asking =
        new Asking(
            binding,
            Assumptions.of(new Assumption.PoliciesAre(Digest.of("policies"))),
            hold,
            decision,
            JsonMapper.shared().createObjectNode().put("what", "is asked"),
            true,
            Optional.empty());
    if (approvals.attach(asking, now) instanceof Attached.To(var approval)) {
      return approval;
    }
    throw new IllegalStateException("nobody is crowded here");
  }

  private static Binding binding(Random random) {
    var digest = Digest.of("arguments " + random.nextInt());
    return new Binding(
        new IdentityName("invoice-agent"),
        new SpiffeId("spiffe://remit.local/invoices/invoice-agent"),
        new WorkflowName("invoices"),
        TaskId.fresh(Instant.now()),
        "pay-invoices",
        ADMIN,
        new Wanted(
            "tools/call",
            new ResourceName("files"),
            "files/pay",
            Digest.of("server"),
            Optional.of(Digest.of("definition")).filter(_ -> random.nextBoolean())),
        digest,
        Digest.of("policies"));
  }

  private void enforce(Random random, Instant now) {
    enforcement.request(ADMIN, Duration.ofMinutes(5), "a broken policy", now);
    var current = enforcement.current(now);
    if (current.isPresent() && random.nextInt(3) > 0) {
      enforcement.answer(current.get().id(), OTTO, random.nextBoolean(), now);
    }
    if (random.nextBoolean()) {
      enforcement.end(ADMIN, now);
    }
  }

  private void finding(Random random, Instant now) {
    findings.raise(
        new Finding.Sighting(
            "looks-wrong",
            "subject-" + random.nextInt(3),
            Finding.Severity.LOW,
            "seen at " + now,
            "look",
            Role.SECURITY),
        now);
  }

  StateReport compared() {
    return Accounted.of(database, clock.instant());
  }

  /// Edits tables behind the server's back, and returns what is found.
  List<Disagreement> found(String sql) {
    assertThat(database.<Integer>transact(tx -> tx.update(sql))).as(sql).isPositive();
    return compared().disagreements();
  }

  /// Every table of the schema.
  List<String> tables() {
    return database.transact(tx ->
        tx.all(
            """
            SELECT table_name FROM information_schema.tables
             WHERE table_schema = 'public' ORDER BY table_name
            """,
            row -> row.text("table_name")));
  }

  @Override
  public void close() {
    enforcement.close();
    approvals.close();
    authorization.close();
    registry.close();
    ledger.close();
    database.close();
  }
}
