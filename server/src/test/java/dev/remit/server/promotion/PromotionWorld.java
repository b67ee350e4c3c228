package dev.remit.server.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.Verdict;
import dev.remit.kernel.evidence.BundleEntries;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.DrillId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.promotion.GateItem;
import dev.remit.server.changes.Change;
import dev.remit.server.changes.Changes;
import dev.remit.server.changes.ChangesConfig;
import dev.remit.server.changes.KnownVerdicts;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.detection.Detection;
import dev.remit.server.detection.DetectionConfig;
import dev.remit.server.evidence.LiveEvidence;
import dev.remit.server.exceptions.Exceptions;
import dev.remit.server.exceptions.ExceptionsConfig;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.Fingerprints;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.Planned;
import dev.remit.server.registry.PolicyCheck;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.RegistryConfig;
import dev.remit.server.registry.Wish;
import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.risk.RiskRules;
import dev.remit.server.risk.RiskWeights;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.CommitHook;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.tokens.TokenConfig;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// A pilot, those who answer for it, and the gate, over a real database and a real ledger. Time
/// stands until it is moved. Closing it checks that rows and ledger agree.
final class PromotionWorld implements AutoCloseable {
  static final WorkflowName DESK = new WorkflowName("desk");
  static final PersonName ANNA = new PersonName("anna");
  static final PersonName BEN = new PersonName("ben");
  static final PersonName CLEO = new PersonName("cleo");
  private static final Author ADMIN =
      new Author(new PersonName("admin"), EnumSet.allOf(Role.class));
  private static final Author SECURITY = new Author(CLEO, Set.of(Role.APPROVER, Role.SECURITY));

  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
  private final CommitFaults faults = new CommitFaults();
  private final Database database = Database.open(TestDatabase.freshConfig(), this::commit);
  private final MasterKey master = MasterKey.open(TestDatabase.enterable("promotion-"), Map.of());
  private final KeyWrap wrap = KeyWrap.of(master);
  private final Ledger ledger =
      Ledger.open(database, new LedgerConfig("node-1", "promotion.test/1"), wrap, time::get);
  private final LedgerReader reader = new LedgerReader(database, ledger, wrap);
  final Findings findings = new Findings(database, ledger);
  final Registry registry =
      Registry.open(
          database,
          ledger,
          RegistryConfig.DEFAULT,
          proposed -> new PolicyCheck.Verdict.Valid(Digest.of("" + proposed.policies()), List.of()),
          _ -> true,
          new RiskWeights(RiskRules.DEFAULT),
          now());
  private final Authorization authorization =
      new Authorization(
          TokenConfig.of(URI.create("https://remit.example")),
          database,
          ledger,
          master,
          registry::current,
          time::get);
  private final Detection detection =
      new Detection(
          DetectionConfig.defaults(),
          database,
          ledger.origin(),
          reader,
          registry,
          authorization.tasks(),
          findings,
          time::get);
  final Exceptions exceptions =
      new Exceptions(
          database, ledger, findings, () -> registry.current(), ExceptionsConfig.DEFAULT);
  private final LiveEvidence evidence =
      new LiveEvidence(new NodeLogs(database, ledger, wrap), registry, 10_000);
  private final KnownVerdicts verdicts = new KnownVerdicts();
  final Changes changes =
      new Changes(
          database,
          ledger,
          registry,
          ChangesConfig.DEFAULT,
          RiskRules.DEFAULT,
          verdicts,
          time::get);
  private final LiveGate gate =
      new LiveGate(evidence, registry, findings, exceptions, PromotionConfig.DEFAULT, changes);
  final Promotions promotions =
      new Promotions(database, ledger, registry, gate, PromotionConfig.DEFAULT);
  final Decay decay =
      new Decay(database, ledger, registry, findings, gate, promotions, PromotionConfig.DEFAULT);
  private final Exercise exercise =
      new Exercise(registry, findings, ledger, PromotionConfig.DEFAULT, time::get);

  Instant now() {
    return time.get();
  }

  void later(Duration by) {
    time.updateAndGet(now -> now.plus(by));
  }

  private void commit(Connection connection) throws SQLException {
    boolean changes = Thread.currentThread().getName().equals("ledger-sequencer");
    (changes ? faults : CommitHook.PLAIN).commit(connection);
  }

  void failNextCommit(CommitFaults.Fault fault) {
    faults.failNext(fault);
  }

  /// Lets so many commits pass before the one that fails.
  void failCommitAfter(int commits, CommitFaults.Fault fault) {
    faults.failAfter(commits, fault);
  }

  /// A pilot as somebody begins: without a sponsor, approved by who wrote it.
  void begun() {
    apply(people(), workflow(""), agent(), grant("admin"));
  }

  /// The same with all that can be mended by a manifest.
  void mended() {
    apply(people(), workflow("sponsor: sven"), agent(), grant("ben"));
  }

  /// The same, at work, drilled and exercised: everything that the gate asks.
  void ready() {
    mended();
    works();
    drilled();
    exercised();
    shown(Verdict.PASS);
  }

  /// An evaluation of what decides the clerk has come to `verdict`.
  void shown(Verdict verdict) {
    var change = governing();
    var fingerprint = Fingerprints.ofModel(change.fingerprint());
    changes.judged(verdicts.shown(change.suites(), fingerprint, Optional.empty(), verdict, now()));
  }

  private Change governing() {
    return changes.governing(DESK).getFirst().look().orElseThrow().change();
  }

  void apply(String... manifests) {
    var file = new ManifestFile("test.yaml", String.join("\n---\n", manifests));
    var applied = registry.apply(Wish.of(file), ADMIN, now());
    assertThat(applied).isInstanceOf(Applied.Done.class);
  }

  Planned planned(String... manifests) {
    var file = new ManifestFile("test.yaml", String.join("\n---\n", manifests));
    return registry.plan(Wish.of(file), ADMIN, now());
  }

  /// What speaks against applying what is expected to be wrong.
  List<Flaw> refused(String... manifests) {
    return planned(manifests).flaws().stream().filter(Flaw::isError).toList();
  }

  static String people() {
    return """
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: anna}
    spec: {displayName: Anna, email: anna@example.org, roles: [owner]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: sven}
    spec: {displayName: Sven, email: sven@example.org, roles: [owner]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: ben}
    spec: {displayName: Ben, email: ben@example.org, roles: [approver, security]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: cleo}
    spec: {displayName: Cleo, email: cleo@example.org, roles: [approver, security]}
    """;
  }

  static String workflow(String more) {
    return """
    apiVersion: remit.dev/v1
    kind: Workflow
    metadata: {name: desk}
    spec:
      purpose: Answer letters of customers
      owner: anna
      escalation: desk@example.org
      dataClasses: [internal]
      intents: [answer]
      stage: pilot
      pilotExpires: 2027-02-01
      retention: 365d
      %s
    """
        .formatted(more)
        .stripTrailing();
  }

  static String agent() {
    return """
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: clerk}
    spec: {provider: example, model: clerk-large, lifecycle: ga, telemetry: [model-version]}
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: clerk}
    spec:
      workflow: desk
      kind: agent
      autonomy: acts-with-confirmation
      model: clerk
      authenticatesBy: [{oidc: {issuer: "https://issuer.example", audience: remit, subject: clerk}}]
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: letters}
    spec: {environment: production, upstream: {stdio: {command: letters}}}
    ---
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: letters/find}
    spec:
      resource: letters
      tool: find
      effects: [read]
      dataClasses: [internal]
      definition:
        digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000"
        inputSchema: {type: object}
    """;
  }

  static String grant(String approvedBy) {
    return """
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: clerk-letters}
    spec:
      identity: clerk
      resource: letters
      tools: [find]
      dataClasses: [internal]
      approvedBy: %s
      expires: 2027-02-01
    """
        .formatted(approvedBy);
  }

  /// The agent calls its tool once, and is answered.
  void works() {
    var id = DecisionId.fresh(now());
    var task = TaskId.fresh(now());
    ledger.append(
        about(EntryType.CALL_DECIDED, task)
            .with("id", id.value())
            .with("target", "letters/find")
            .with("decision", "allow"));
    ledger.append(
        about(EntryType.CALL_ENDED, task).with("of", id.value()).with("outcome", "answered"));
  }

  /// A call of which nobody knows what became.
  void loses() {
    ledger.append(
        about(EntryType.CALL_DECIDED, TaskId.fresh(now()))
            .with("id", DecisionId.fresh(now()).value())
            .with("target", "letters/find")
            .with("decision", "allow"));
  }

  private Entry about(EntryType type, TaskId task) {
    return Entry.of(type, now())
        .with("identity", "spiffe://remit.local/desk/clerk")
        .with("workflow", "desk")
        .with("task", task.value());
  }

  void drilled() {
    ledger.append(
        Entry.of(EntryType.DRILL_FINISHED, now())
            .with("id", DrillId.fresh(now()).value())
            .with("workflow", "desk")
            .with("outcome", "met"));
  }

  /// A change of what decides the clerk was taken back.
  void reversed(String outcome) {
    ledger.append(
        Entry.of(EntryType.CHANGE_REVERSED, now())
            .with("of", "chg_1")
            .with("identity", "spiffe://remit.local/desk/clerk")
            .with("workflow", "desk")
            .with("outcome", outcome));
  }

  Exercise.Done exercised() {
    return exercise.run(DESK, SECURITY);
  }

  GateResult gate() {
    return gate.of(DESK, now()).orElseThrow();
  }

  List<String> unmet() {
    return gate().unmet().stream().map(GateItem::item).toList();
  }

  Stage stage() {
    return registry.current().workflow(DESK).orElseThrow().stage();
  }

  Promotion requested() {
    var requested = promotions.request(DESK, ANNA, "it is ready", now());
    assertThat(requested).isInstanceOf(Promotions.Requested.Open.class);
    return ((Promotions.Requested.Open) requested).promotion();
  }

  Promotion.Settlement answered(Promotion promotion, PersonName by) {
    return promotions.answer(promotion.id(), by, true, "I have looked at it", now()).orElseThrow();
  }

  /// Into production, by two people.
  void promoted() {
    ready();
    assertThat(answered(requested(), BEN)).isInstanceOf(Promotion.Settlement.Agreed.class);
  }

  /// What a bundle of everything so far would hold, as far as `kept` lets it.
  BundleEntries evidence(Predicate<RecordedEntry> kept) {
    var read = evidence.of(DESK, Duration.ofDays(365), now());
    var entries = read.entries().stream().filter(kept).toList();
    return new BundleEntries(read.scope(), entries, read.declared());
  }

  List<RecordedEntry> entries(EntryType type) {
    var found = new ArrayList<RecordedEntry>();
    for (long from = 0; from < reader.size(); from += 1_000) {
      reader.page(from, 1_000).stream().filter(entry -> entry.type() == type).forEach(found::add);
    }
    return found;
  }

  @Override
  public void close() {
    changes.close();
    decay.close();
    detection.close();
    authorization.close();
    registry.close();
    Accounted.check(database, now());
    ledger.close();
    database.close();
  }
}
