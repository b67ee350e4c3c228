package dev.remit.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.Duty;
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
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.assumptions.Assumption;
import dev.remit.server.assumptions.Assumptions;
import dev.remit.server.assumptions.Present;
import dev.remit.server.assumptions.RiskClasses;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.gateway.CommitFaultWhen;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.OnRecord;
import dev.remit.server.registry.Declared;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Approvals over a real database and ledger. What is declared, which policies decide and what time
/// it is are the test's; closing it compares every row with the ledger.
final class ApprovalsWorld implements AutoCloseable {
  static final PersonName ANNA = new PersonName("anna");
  static final PersonName BEA = new PersonName("bea");
  static final PersonName CARL = new PersonName("carl");
  static final PersonName SAM = new PersonName("sam");
  static final IdentityName AGENT = new IdentityName("invoice-agent");
  static final ApprovalsConfig ROOMY =
      new ApprovalsConfig(
          Duration.ofMinutes(10),
          1024,
          new ApprovalsConfig.Reminding(50, 80),
          new ApprovalsConfig.ForTask(10, Duration.ofHours(1)),
          new ApprovalsConfig.Crowding(
              100_000, 100_000, 100_000, 1_000_000, Duration.ofMinutes(1)));

  final CommitFaultWhen faults = new CommitFaultWhen();
  final Database database = Database.open(TestDatabase.freshConfig(), faults);
  final List<String> told = new CopyOnWriteArrayList<>();
  final Map<Duty, PersonName> parts = new TreeMap<>();
  final Map<PersonName, Person> people = new TreeMap<>();
  final TaskId task;
  Approvals approvals;
  Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  volatile Digest policies = Digest.of("policies");
  private final Path data = TestDatabase.enterable("approvals-");
  private final MasterKey master = MasterKey.open(data, Map.of());
  private final Ledger ledger =
      Ledger.open(
          database,
          new LedgerConfig("node-1", "approvals.test/1"),
          KeyWrap.of(master),
          InstantSource.system());
  final Findings findings = new Findings(database, ledger);
  private final ApprovalsConfig config;

  ApprovalsWorld() {
    this(ROOMY);
  }

  ApprovalsWorld(ApprovalsConfig config) {
    this.config = config;
    this.task = TaskId.fresh(now);
    person(ANNA, Role.OWNER, Role.APPROVER);
    person(BEA, Role.APPROVER);
    person(CARL, Role.APPROVER);
    person(SAM, Role.SECURITY);
    approvals = open();
  }

  private Approvals open() {
    var opened =
        new Approvals(
            database,
            ledger,
            findings,
            config,
            this::present,
            new Separation(Set.of(), this::declared),
            approval -> {
              var all = Concerned.NOBODY.and(Duty.OWNER, approval.binding().asker());
              for (var part : parts.entrySet()) {
                all = all.and(part.getKey(), part.getValue());
              }
              return all;
            });
    opened.onNews(new Told(told));
    return opened;
  }

  /// Ends the process's part and begins anew over the same database.
  void restart() {
    approvals.close();
    approvals = open();
  }

  void person(PersonName name, Role... roles) {
    people.put(
        name,
        new Person(
            name,
            name.value(),
            Optional.of(name + "@example.org"),
            Optional.empty(),
            Set.of(roles),
            true));
  }

  Registered declared() {
    return new Registered(1, new ArrayList<Declared>(people.values()));
  }

  Present present() {
    return new Present(declared(), policies, RiskClasses.NOT_COMPUTED);
  }

  static Decision.Hold hold(Terms terms) {
    return new Decision.Hold(
        List.of(new PolicyId("four-eyes")), terms, Duration.ofMinutes(10), List.of());
  }

  /// One approver, for so many calls at once.
  static Terms one(int uses) {
    return new Terms(Set.of(new Quorum(1, Set.of(Role.APPROVER))), uses, Set.of());
  }

  static Terms quorum(int people, Role... roles) {
    return new Terms(Set.of(new Quorum(people, Set.of(roles))), 1, Set.of());
  }

  static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  Asking asking(TaskId task, String given, Terms terms) {
    return new Asking(
        binding(task, given),
        Assumptions.of(new Assumption.PoliciesAre(policies)),
        hold(terms),
        DecisionId.fresh(now),
        json(given),
        true,
        Optional.empty());
  }

  private Binding binding(TaskId task, String given) {
    return new Binding(
        AGENT,
        new SpiffeId("spiffe://remit.local/invoices/invoice-agent"),
        new WorkflowName("invoices"),
        task,
        "pay-invoices",
        ANNA,
        new Wanted(
            "tools/call",
            new ResourceName("files"),
            "files/pay",
            Digest.of("server"),
            Optional.of(Digest.of("definition"))),
        SameArguments.all(json(given)),
        policies);
  }

  Attached attach(TaskId task, String given, Terms terms) {
    return approvals.attach(asking(task, given, terms), now);
  }

  /// A call of the world's task that is held, or the approval it finds.
  Approval held(String given, Terms terms) {
    return ((Attached.To) attach(task, given, terms)).approval();
  }

  Settlement agree(Approval approval, PersonName person) {
    return answer(approval, person, Answering.once(true, "seen"));
  }

  Settlement decline(Approval approval, PersonName person) {
    return answer(approval, person, Answering.once(false, "no"));
  }

  Settlement agreeForTask(Approval approval, PersonName person, ForTask forTask) {
    return answer(approval, person, new Answering(true, "seen", Optional.of(forTask)));
  }

  Settlement answer(Approval approval, PersonName person, Answering said) {
    var roles = Optional.ofNullable(people.get(person)).map(Person::roles).orElse(Set.of());
    return approvals.answer(approval.id(), person, roles, said, now).orElseThrow();
  }

  /// Makes the call, if the approval lets it.
  boolean make(Approval approval) {
    return approvals.consume(approval, DecisionId.fresh(now), now);
  }

  Approval read(Approval approval) {
    return approvals.find(approval.id()).orElseThrow();
  }

  List<String> kindsOfFindings() {
    return findings.newest().stream().map(Finding::kind).toList();
  }

  List<JsonNode> entries(String type) {
    return OnRecord.entries(database, type);
  }

  /// Does what may fail because a commit does, and does not care.
  void trying(Runnable work) {
    try {
      work.run();
    } catch (DatabaseUnavailable e) {
      told.add("failed");
    }
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  public void close() {
    try {
      Accounted.check(database, now.plusSeconds(1));
      assertThat(overused()).as("allowances used more often than they allow").isEmpty();
    } finally {
      approvals.close();
      ledger.close();
      database.close();
    }
  }

  private List<String> overused() {
    return database.transact(tx ->
        tx.all(
            """
            SELECT a.approval FROM approval_allowance a
             WHERE 1 + (SELECT count(*) FROM approval WHERE under = a.approval) > a.uses
            """,
            row -> row.text("approval")));
  }

  private record Told(List<String> told) implements Notices {
    @Override
    public void opened(Approval approval) {
      told.add("opened " + approval.id());
    }

    @Override
    public void agreed(Approval approval) {
      told.add("agreed " + approval.id());
    }

    @Override
    public void reminded(Approval approval) {
      told.add("reminded " + approval.id());
    }

    @Override
    public void escalated(Approval approval) {
      told.add("escalated " + approval.id());
    }

    @Override
    public void settled(Approval approval) {
      told.add(approval.state() + " by " + by(approval) + " " + approval.id());
    }

    @Override
    public void voided(Approval approval) {
      told.add("voided " + approval.id());
    }

    private static String by(Approval approval) {
      return approval.answer().map(Approval.Answer::by).orElse("");
    }
  }

  static ApprovalId id(Attached attached) {
    return ((Attached.To) attached).approval().id();
  }
}
