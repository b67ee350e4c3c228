package dev.remit.server.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.gateway.CommitFaultWhen;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.Audited;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.ErasureScope;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.OnRecord;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.PolicyCheck;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.RegistryConfig;
import dev.remit.server.registry.Wish;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.tokens.TokenConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Two workflows of two owners, and what their tasks have sent, on a real database and ledger.
/// Closing it verifies the ledger.
final class ErasureWorld implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  static final PersonName OFFICER = new PersonName("petra");

  private final CommitFaultWhen faults = new CommitFaultWhen();
  private final Database database = Database.open(TestDatabase.freshConfig(), faults);
  private final KeyWrap kek =
      KeyWrap.of(MasterKey.open(TestDatabase.enterable("erasure-"), Map.of()));
  final Ledger ledger =
      Ledger.open(
          database, new LedgerConfig("node-1", "ledger.test/e"), kek, InstantSource.fixed(NOW));
  final LedgerReader reader = new LedgerReader(database, ledger, kek);
  private final Registry registry =
      Registry.open(
          database,
          ledger,
          RegistryConfig.DEFAULT.ungated().with(RegistryConfig.SecondPerson.NEVER),
          _ -> new PolicyCheck.Verdict.Valid(Digest.of("any"), List.of()),
          _ -> true,
          NOW);
  private final Authorization authorization =
      new Authorization(
          TokenConfig.of(URI.create("https://remit.example")),
          database,
          ledger,
          MasterKey.open(TestDatabase.enterable("erasure-"), Map.of()),
          registry::current,
          InstantSource.fixed(NOW));
  final LegalHolds holds = new LegalHolds(database, ledger);
  final Erasure erasure = new Erasure(database, ledger, registry, authorization.tasks(), holds);

  ErasureWorld() {
    ledger
        .keys()
        .actingFor(name ->
            registry
                .current()
                .workflow(new WorkflowName(name))
                .map(workflow -> workflow.owner().value()));
    declare(
        workflow("invoices", "anna") + "---\n" + workflow("records", "bea") + "---\n" + people());
  }

  Retention retention(int keysMax) {
    return new Retention(database, ledger, registry, authorization.tasks(), holds, keysMax);
  }

  /// A task that has ended, and the prompt that it sent at `at`.
  TaskId sent(String workflow, Instant at, String prompt) {
    return started(workflow, at, prompt, true);
  }

  /// A task that has not ended.
  TaskId sending(String workflow, Instant at, String prompt) {
    return started(workflow, at, prompt, false);
  }

  private TaskId started(String workflow, Instant at, String prompt, boolean ended) {
    var task = TaskId.fresh(at);
    database.run(tx ->
        tx.update(
            """
            INSERT INTO task (id, identity, subject, workflow, intent, calls_max, started_at,
                              expires_at, ended_at, ended_by)
            VALUES (?, 'agent', 'spiffe://remit.local/agent', ?, 'try', 1, ?, ?, ?, 'expiry')
            """,
            task.value(),
            workflow,
            at,
            ended ? at : NOW.plusSeconds(600),
            ended ? at : null));
    ledger.append(
        Entry.of(EntryType.CALL_DECIDED, at)
            .with("id", "dec_" + task.value())
            .with("decision", "deny")
            .with("task", task.value())
            .with("workflow", workflow),
        Body.of("question", prompt));
    return task;
  }

  /// What `person` wrote of their own.
  void wrote(String person, String text) {
    ledger.append(
        Entry.of(EntryType.ENFORCEMENT_REQUESTED, NOW)
            .with("id", "enf_" + person)
            .with("by", person),
        Body.of("reason", text));
  }

  /// What is left of what the task sent.
  Optional<String> left(TaskId task) {
    return body("dec_" + task.value(), "question");
  }

  Optional<String> body(String id, String name) {
    return reader.body(entry(id), name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  RecordedEntry entry(String id) {
    return reader.entry(id).orElseThrow();
  }

  /// Fails the commit of the next transaction that has recorded an entry of `type`.
  void failWhenRecording(Fault fault, String type) {
    faults.fail(fault, "SELECT 1 FROM ledger_entry WHERE type = '" + type + "'");
  }

  /// What so many tasks were refused, all on one day.
  void refused(int tasks, String workflow, Instant at) {
    for (int i = 0; i < tasks; i++) {
      ledger.submit(
          Entry.of(EntryType.CALL_REFUSED, at)
              .with("task", TaskId.fresh(at).value())
              .with("workflow", workflow),
          Body.of("arguments", "some"));
    }
  }

  Erased erase(ErasureScope scope) {
    return erasure.erase(scope, OFFICER, "they asked for it", NOW);
  }

  List<JsonNode> entries(String type) {
    return OnRecord.entries(database, type);
  }

  long count(String sql) {
    return database.transact(
        tx -> tx.one("SELECT count(*) AS n FROM " + sql, row -> row.number("n")).orElseThrow());
  }

  void declare(String yaml) {
    var author = new Author(new PersonName("admin"), EnumSet.allOf(Role.class));
    var applied = registry.apply(Wish.of(new ManifestFile("test.yaml", yaml)), author, NOW);
    assertThat(applied).isInstanceOf(Applied.Done.class);
  }

  @Override
  public void close() {
    authorization.close();
    registry.close();
    // Tasks are put there by this world and not by the server, so only holds are held to account.
    assertThat(Accounted.of(database, Instant.now()).disagreements())
        .filteredOn(one -> one.kind().equals("legal-hold"))
        .isEmpty();
    Audited.close(ledger, reader);
    database.close();
  }

  private static String workflow(String name, String owner) {
    return """
    apiVersion: remit.dev/v1
    kind: Workflow
    metadata: {name: %s}
    spec:
      purpose: Try what erasing leaves
      owner: %s
      escalation: somebody@example.org
      intents: [try]
      stage: production
      retention: 30d
    """
        .formatted(name, owner);
  }

  private static String people() {
    return """
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: anna}
    spec: {displayName: Anna, roles: [owner]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: bea}
    spec: {displayName: Bea, roles: [owner]}
    """;
  }
}
