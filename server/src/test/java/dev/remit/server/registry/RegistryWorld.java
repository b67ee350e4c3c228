package dev.remit.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.OnRecord;
import dev.remit.server.registry.PolicyCheck.Problem;
import dev.remit.server.registry.PolicyCheck.Verdict;
import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.CommitHook;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// A registry on a real database and a real ledger. Closing it checks that what is declared and
/// what the ledger says of it agree.
final class RegistryWorld implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final Author ADMIN = new Author(Bootstrap.ADMIN, EnumSet.allOf(Role.class));
  static final Path EXAMPLES = Path.of("../examples");

  final Set<String> secrets = new HashSet<>(Set.of("archive-token"));
  private final DatabaseConfig where = TestDatabase.freshConfig();
  private final RegistryConfig config;
  private final CommitFaults faults = new CommitFaults();
  private final Database database = Database.open(where, this::commit);
  private final Ledger ledger = openLedger();
  private final List<Runnable> others = new ArrayList<>();
  final Registry registry;

  /// One in which one person is enough for every change.
  RegistryWorld() {
    this(RegistryConfig.DEFAULT.with(RegistryConfig.SecondPerson.NEVER));
  }

  RegistryWorld(RegistryConfig config) {
    this.config = config;
    this.registry = openRegistry(database, ledger);
  }

  private Ledger openLedger() {
    var key = MasterKey.open(TestDatabase.enterable("registry-"), Map.of());
    var config = new LedgerConfig("node-1", "registry.test/node-1");
    return Ledger.open(database, config, KeyWrap.of(key), InstantSource.system());
  }

  private Registry openRegistry(Database on, Ledger recorder) {
    return Registry.open(on, recorder, config, RegistryWorld::check, secrets::contains, NOW);
  }

  /// Another node over the same database.
  Registry anotherNode() {
    var another = Database.open(where);
    var node = openRegistry(another, ledger);
    others.add(node::close);
    others.add(another::close);
    return node;
  }

  /// Stands for the policy engine: what says `nonsense` does not hold.
  private static Verdict check(Registered proposed) {
    var wrong =
        proposed.policies().stream()
            .filter(policy -> policy.cedar().contains("nonsense"))
            .map(policy -> new Problem(policy.name(), 2, 3, "not Cedar", "write Cedar"))
            .toList();
    var texts = proposed.policies().stream().map(PolicyText::cedar).sorted().toList();
    return wrong.isEmpty()
        ? new Verdict.Valid(Digest.of(String.join("\n", texts)), List.of())
        : new Verdict.Invalid(wrong);
  }

  DatabaseConfig where() {
    return where;
  }

  /// Faults are for changes, which the ledger's sequencer commits; whoever reads is left alone.
  private void commit(Connection connection) throws SQLException {
    boolean changes = Thread.currentThread().getName().equals("ledger-sequencer");
    (changes ? faults : CommitHook.PLAIN).commit(connection);
  }

  void failNextCommit(CommitFaults.Fault fault) {
    faults.failNext(fault);
  }

  Planned plan(String... documents) {
    return registry.plan(wish(documents), ADMIN, NOW);
  }

  Applied apply(String... documents) {
    return registry.apply(wish(documents), ADMIN, NOW);
  }

  /// Applies what is expected to be right.
  Planned given(String... documents) {
    var applied = apply(documents);
    assertThat(applied).isInstanceOf(Applied.Done.class);
    return ((Applied.Done) applied).planned();
  }

  /// Brings a workflow into production, as a promotion does once its gate is open.
  void promoted(String workflow) {
    var applied =
        registry.restage(
            new WorkflowName(workflow), Stage.PRODUCTION, Optional.empty(), ADMIN, NOW, _ -> true);
    assertThat(applied).isInstanceOf(Applied.Done.class);
  }

  /// Applies what is expected to be wrong, and returns the rules that say so.
  List<String> refusals(String... documents) {
    var applied = apply(documents);
    assertThat(applied).isInstanceOf(Applied.Refused.class);
    return ((Applied.Refused) applied)
        .planned().flaws().stream().filter(Flaw::isError).map(Flaw::rule).toList();
  }

  List<String> warnings(String... documents) {
    return given(documents).flaws().stream().map(Flaw::rule).toList();
  }

  static Wish wish(String... documents) {
    var file = new ManifestFile("test.yaml", String.join("\n---\n", documents));
    return new Wish(List.of(file), Wish.DEFAULT_SET, false, OptionalLong.empty());
  }

  static Author author(String name, Role... roles) {
    return new Author(new PersonName(name), Set.of(roles));
  }

  static List<ManifestFile> examples() {
    try (var files = Files.walk(EXAMPLES)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .map(file -> new ManifestFile(file.toString(), read(file)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns the ledger's entries of `type`, as `action kind/name`.
  List<String> recorded(String type) {
    return OnRecord.entries(database, type).stream()
        .map(entry ->
            entry.path("action").asString("")
                + " "
                + entry.path("kind").asString("")
                + "/"
                + entry.path("name").asString(""))
        .toList();
  }

  /// Returns what the ledger's entries of `type` say in `members`, an entry a line.
  List<String> said(String type, String... members) {
    return OnRecord.entries(database, type).stream()
        .map(entry ->
            Arrays.stream(members)
                .map(member -> entry.path(member).asString(""))
                .collect(Collectors.joining(" ")))
        .toList();
  }

  long rows() {
    return database.transact(tx ->
        tx.one("SELECT count(*) AS n FROM declared_revision", row -> row.number("n"))
            .orElseThrow());
  }

  Database database() {
    return database;
  }

  @Override
  public void close() {
    Accounted.check(database, NOW);
    assertThat(recorded("registry.changed")).hasSize((int) rows());
    registry.close();
    others.forEach(Runnable::run);
    ledger.close();
    database.close();
  }
}
