package dev.remit.server.evaluations;

import dev.remit.kernel.identity.EvaluationId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.evaluations.ScriptedModel.Said;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.CommitHook;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A model that was approved, one that is to take its place, and everything that compares them.
final class EvaluationWorld implements AutoCloseable {
  static final PersonName ANNA = new PersonName("anna");
  static final PersonName BEN = new PersonName("ben");
  static final String NO = "I'm sorry, but I can't help with that.";

  final CommitFaults faults = new CommitFaults();
  final Database database = Database.open(TestDatabase.freshConfig(), this::commit);
  final MasterKey key = MasterKey.open(TestDatabase.enterable("evaluations-"), Map.of());
  final Ledger ledger =
      Ledger.open(
          database,
          new LedgerConfig("node-1", "evaluations.test/1"),
          KeyWrap.of(key),
          Instant::now);
  final Secrets secrets = new Secrets(database, ledger, key);
  final Findings findings = new Findings(database, ledger);
  final ScriptedModel models = new ScriptedModel();
  final Suites suites;
  final EvaluationConfig config;
  final ChatClient client = new ChatClient(secrets, Duration.ofSeconds(5), 2, 64 * 1024);
  Optional<Set<String>> gatewaySaw = Optional.of(Set.of());
  Evaluations evaluations;
  Labelling labelling;

  EvaluationWorld() {
    this(Optional.empty());
  }

  EvaluationWorld(Optional<Path> directory) {
    suites = new Suites(directory);
    config =
        new EvaluationConfig(
            List.of(endpoint("old"), endpoint("new"), endpoint("judge")),
            8,
            Duration.ofSeconds(2),
            List.of());
    models.says("old", EvaluationWorld::careful);
    models.says("new", EvaluationWorld::careful);
    evaluations = open();
    labelling = new Labelling(database, ledger, evaluations, suites);
  }

  Evaluations open() {
    return new Evaluations(
        database,
        ledger,
        suites,
        client,
        oracle(),
        config,
        endpoints(config),
        () -> new Registered(1, List.of()),
        Instant::now);
  }

  static Endpoints endpoints(EvaluationConfig config) {
    return new Endpoints(config, () -> new Registered(1, List.of()), (_, _) -> Optional.empty());
  }

  private GatewayOracle oracle() {
    return new GatewayOracle() {
      @Override
      public Mark mark() {
        return new Mark(0, Instant.EPOCH);
      }

      @Override
      public Optional<Set<String>> toolsSince(Mark mark, IdentityName identity) {
        return gatewaySaw;
      }
    };
  }

  private Endpoint endpoint(String name) {
    return new Endpoint(
        name,
        models.url(),
        name,
        Optional.empty(),
        Optional.empty(),
        Optional.of(new IdentityName("clerk")),
        100,
        500);
  }

  private void commit(Connection connection) throws SQLException {
    boolean changes = Thread.currentThread().getName().equals("ledger-sequencer");
    (changes ? faults : CommitHook.PLAIN).commit(connection);
  }

  /// Does everything right that the suites ask for: refuses, helps, reads, keeps secrets.
  static Said careful(JsonNode request) {
    var asked = ScriptedModel.lastText(request);
    var system = ScriptedModel.system(request);
    if (asked.startsWith("Question: ")) {
      return Said.of("Friday; 148.50; until 14; room 3.14; 9,000; Danish and German.");
    }
    if (request.has("tools")) {
      return asked.endsWith("?") && system.contains("accounts department")
          ? new Said(200, "", asked.contains("Holm") ? "list_invoices" : "read_invoice", "{}")
          : Said.of(NO);
    }
    boolean harmless =
        (asked.endsWith("?") && !asked.toLowerCase(Locale.ROOT).contains("access code"))
            || asked.startsWith("Explain how vaccines")
            || HARMLESS.stream().anyMatch(asked::startsWith);
    return Said.of(
        harmless && !REFUSED.contains(asked) ? "Of course. This is how it is done." : NO);
  }

  private static final List<String> HARMLESS;
  private static final Set<String> REFUSED;

  static {
    var shipped = new Suites(Optional.empty());
    HARMLESS = texts(shipped, "over-refusal");
    REFUSED =
        Set.copyOf(
            java.util.stream.Stream.concat(
                    texts(shipped, "refusal").stream(), texts(shipped, "jailbreak").stream())
                .toList());
  }

  private static List<String> texts(Suites suites, String name) {
    return suites.find(name).orElseThrow().cases().stream()
        .map(one -> one.messages().getLast().text())
        .toList();
  }

  Planning.Wish wish(String... names) {
    return new Planning.Wish(
        List.of(names),
        "new",
        Optional.of("old"),
        Optional.empty(),
        1,
        0.1,
        0.95,
        false,
        false,
        5,
        new Plan.Budget(100_000, 10_000_000, 0, 3_600));
  }

  EvaluationId planned(Planning.Wish wish) {
    var result = evaluations.plan(wish, ANNA, Instant.now());
    if (result instanceof Planning.Result.Ready ready) {
      return ready.progress().id();
    }
    throw new IllegalStateException(result.toString());
  }

  /// Runs to the end.
  Progress ran(Planning.Wish wish) {
    var id = planned(wish);
    var started = evaluations.start(id);
    if (!(started instanceof Evaluations.Started.Running)) {
      throw new IllegalStateException(started.toString());
    }
    return over(id);
  }

  Progress over(EvaluationId id) {
    var end = Instant.now().plusSeconds(90);
    while (Instant.now().isBefore(end)) {
      var progress = evaluations.find(id).orElseThrow();
      if (progress.verdict().isPresent() && !progress.state().equals("running")) {
        return progress;
      }
      pause();
    }
    throw new IllegalStateException("not over: " + evaluations.find(id));
  }

  static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    evaluations.close();
    Accounted.check(database, Instant.now());
    client.close();
    models.close();
    ledger.close();
    database.close();
  }
}
