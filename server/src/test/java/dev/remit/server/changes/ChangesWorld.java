package dev.remit.server.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.Bound;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.Planned;
import dev.remit.server.registry.PolicyCheck;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.RegistryConfig;
import dev.remit.server.registry.Wish;
import dev.remit.server.risk.RiskRules;
import dev.remit.server.risk.RiskWeights;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.CommitHook;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A desk whose clerk is decided by a model: it reads and sends letters, and reads public pages. A
/// real database and ledger; time stands until it is moved. Closing it checks that rows and ledger
/// agree.
final class ChangesWorld implements AutoCloseable {
  static final WorkflowName DESK = new WorkflowName("desk");
  static final PersonName ANNA = new PersonName("anna");
  static final PersonName BEN = new PersonName("ben");
  private static final Author ADMIN =
      new Author(new PersonName("admin"), EnumSet.allOf(Role.class));

  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
  private final CommitFaults faults = new CommitFaults();
  final Database database = Database.open(TestDatabase.freshConfig(), this::commit);
  private final KeyWrap wrap =
      KeyWrap.of(MasterKey.open(TestDatabase.enterable("changes-"), Map.of()));
  final Ledger ledger =
      Ledger.open(database, new LedgerConfig("node-1", "changes.test/1"), wrap, time::get);
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
  final KnownVerdicts verdicts = new KnownVerdicts();
  Changes changes = changes();
  Rollback rollback = new Rollback(changes, registry, time::get);
  private Optional<Watch> watching = Optional.empty();

  private Changes changes() {
    return new Changes(
        database, ledger, registry, ChangesConfig.DEFAULT, RiskRules.DEFAULT, verdicts, time::get);
  }

  Watch watch() {
    var watch = new Watch(database, registry, changes, rollback, findings, time::get);
    watching = Optional.of(watch);
    return watch;
  }

  /// The server stops, and comes back.
  void restart() {
    changes.close();
    changes = changes();
    rollback = new Rollback(changes, registry, time::get);
  }

  Instant now() {
    return time.get();
  }

  void later(Duration by) {
    time.updateAndGet(now -> now.plus(by));
  }

  private void commit(Connection connection) throws SQLException {
    boolean isChange = Thread.currentThread().getName().equals("ledger-sequencer");
    (isChange ? faults : CommitHook.PLAIN).commit(connection);
  }

  void failNextCommit(CommitFaults.Fault fault) {
    faults.failNext(fault);
  }

  /// A pilot with everything declared.
  void piloted() {
    apply(PEOPLE, WORKFLOW, model(""), identity("agent", ""), RESOURCES, grants("find, send"));
  }

  /// The same in production, where its first model was approved as a pilot's.
  void inProduction() {
    piloted();
    var staged =
        registry.restage(DESK, Stage.PRODUCTION, Optional.empty(), ADMIN, now(), _ -> true);
    assertThat(staged).isInstanceOf(Applied.Done.class);
  }

  void apply(String... manifests) {
    later(Duration.ofSeconds(1));
    var file = new ManifestFile("test.yaml", String.join("\n---\n", manifests));
    var applied = registry.exercise(Wish.of(file), ADMIN, now());
    assertThat(applied).isInstanceOf(Applied.Done.class);
  }

  Planned planned(String... manifests) {
    var file = new ManifestFile("test.yaml", String.join("\n---\n", manifests));
    return registry.plan(Wish.of(file), ADMIN, now());
  }

  static final String PEOPLE =
      """
      apiVersion: remit.dev/v1
      kind: Person
      metadata: {name: anna}
      spec: {displayName: Anna, email: anna@example.org, roles: [owner]}
      ---
      apiVersion: remit.dev/v1
      kind: Person
      metadata: {name: ben}
      spec: {displayName: Ben, email: ben@example.org, roles: [approver, security]}
      ---
      apiVersion: remit.dev/v1
      kind: DataClass
      metadata: {name: public}
      spec: {description: Everybody may read it, sensitivity: 0}
      ---
      apiVersion: remit.dev/v1
      kind: DataClass
      metadata: {name: customer}
      spec: {description: About people, sensitivity: 80}
      """;

  static final String WORKFLOW =
      """
      apiVersion: remit.dev/v1
      kind: Workflow
      metadata: {name: desk}
      spec:
        purpose: Answer letters of customers
        owner: anna
        sponsor: ben
        escalation: desk@example.org
        dataClasses: [customer, public]
        intents: [answer]
        stage: pilot
        pilotExpires: 2027-02-01
        retention: 365d
      """;

  /// @param more of the model, as YAML members; what it says comes instead of the defaults
  static String model(String more) {
    var lines = new ArrayList<String>();
    lines.add("provider: example");
    for (var line :
        List.of(
            "model: clerk-large",
            "version: \"1.0\"",
            "contextWindow: 8000",
            "safety: {filter: strict}",
            "lifecycle: ga")) {
      if (!more.contains(line.substring(0, line.indexOf(':') + 1))) {
        lines.add(line);
      }
    }
    more.lines().filter(line -> !line.isBlank()).forEach(lines::add);
    return """
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: clerk}
    spec:
      %s
    """
        .formatted(String.join("\n  ", lines));
  }

  static String identity(String kind, String more) {
    return """
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: clerk}
    spec:
      workflow: desk
      kind: %s
      autonomy: acts-with-confirmation
      model: clerk
      %s
      authenticatesBy: [{oidc: {issuer: "https://issuer.example", audience: remit, subject: clerk}}]
    """
        .formatted(kind, more);
  }

  static final String RESOURCES =
      """
      apiVersion: remit.dev/v1
      kind: Resource
      metadata: {name: letters}
      spec: {environment: production, upstream: {stdio: {command: letters}}}
      ---
      apiVersion: remit.dev/v1
      kind: Resource
      metadata: {name: pages}
      spec: {environment: production, upstream: {stdio: {command: pages}}}
      ---
      """
          + tool("letters", "find", "read", "customer", "0")
          + "---\n"
          + tool("letters", "send", "write", "customer", "1")
          + "---\n"
          + tool("letters", "burn", "destructive", "customer", "2")
          + "---\n"
          + tool("pages", "browse", "read", "public", "3");

  static String tool(String resource, String tool, String effect, String data, String digit) {
    return """
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: %s/%s}
    spec:
      resource: %s
      tool: %s
      effects: [%s]
      dataClasses: [%s]
      definition: {digest: "sha256:%s", inputSchema: {type: object}}
    """
        .formatted(resource, tool, resource, tool, effect, data, digit.repeat(64));
  }

  static String grants(String tools) {
    return grant("clerk-letters", "letters", tools, "customer")
        + "\n---\n"
        + grant("clerk-pages", "pages", "browse", "public");
  }

  static String grant(String name, String resource, String tools, String data) {
    return """
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: %s}
    spec:
      identity: clerk
      resource: %s
      tools: [%s]
      dataClasses: [%s]
      approvedBy: ben
      expires: 2027-01-15
    """
        .formatted(name, resource, tools, data);
  }

  Identity clerk() {
    return registry.current().identity(new IdentityName("clerk")).orElseThrow();
  }

  /// What a call of the clerk is held against.
  Bound bound() {
    return changes.bindings().of(clerk(), registry.current(), now());
  }

  Change newest() {
    return changes.newest().getFirst();
  }

  /// Says that every evaluation that a change needs has passed.
  void evaluated(Change change) {
    for (var suite : change.suites()) {
      changes.evaluatedElsewhere(change.id(), suite, "run-1", Evaluation.Outcome.PASS, BEN, now());
    }
  }

  Changes.Answered approved(Change change, PersonName by) {
    return changes.answer(change.id(), by, true, "I have looked at it", now()).orElseThrow();
  }

  /// Evaluated and approved by somebody else, and watched for long enough.
  void accepted(Change change) {
    evaluated(change);
    assertThat(approved(change, BEN)).isInstanceOf(Changes.Answered.Done.class);
    later(Duration.ofDays(2));
    changes.sweep(now());
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
    watching.ifPresent(Watch::close);
    changes.close();
    registry.close();
    Accounted.check(database, now());
    ledger.close();
    database.close();
  }
}
