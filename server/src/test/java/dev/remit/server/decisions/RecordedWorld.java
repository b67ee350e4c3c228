package dev.remit.server.decisions;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import java.time.InstantSource;
import java.util.Map;

/// The small organisation of [DecisionsWorld] over a real ledger, in which what is decided is
/// recorded as the gateway records it.
final class RecordedWorld implements AutoCloseable {
  final Database database = Database.open(TestDatabase.freshConfig());
  final Ledger ledger;
  final LedgerReader reader;
  final DecisionsWorld world;

  RecordedWorld() {
    this(Evaluator.COMPILED);
  }

  RecordedWorld(Evaluator evaluator) {
    var kek = KeyWrap.of(master());
    ledger =
        Ledger.open(
            database,
            new LedgerConfig("node-1", "ledger.test/d"),
            kek,
            InstantSource.fixed(DecisionsWorld.NOW));
    reader = new LedgerReader(database, ledger, kek);
    world = deciding(evaluator);
  }

  /// Another process over the same ledger.
  DecisionsWorld deciding(Evaluator evaluator) {
    return new DecisionsWorld(
        DecisionEngine.COMPILED,
        evaluator,
        PastDecisions.of(reader),
        new StoredPasses(database, ledger));
  }

  /// Decides one call and records it.
  DecisionId call(String tool, String arguments) {
    return call(
        DecisionsWorld.question(
            tool, new Arguments.Given(DecisionsWorld.json(arguments)), CallFacts.NONE));
  }

  DecisionId call(Question question) {
    var id = DecisionId.fresh(DecisionsWorld.NOW);
    var decided = world.decisions.decide(question);
    ledger.append(
        DecisionMembers.on(
            Entry.of(EntryType.CALL_DECIDED, DecisionsWorld.NOW)
                .with("id", id.value())
                .with("identity", "spiffe://example.org/invoices/" + question.identity())
                .with("target", ((Target.OfTool) question.target()).tool().toString()),
            decided),
        new Body(QuestionJson.BODY, QuestionJson.bytes(question)));
    return id;
  }

  void sql(String sql, Object... args) {
    database.run(tx -> tx.update(sql, args));
  }

  private static MasterKey master() {
    return MasterKey.open(TestDatabase.enterable("recorded-"), Map.of());
  }

  @Override
  public void close() {
    ledger.close();
    database.close();
  }
}
