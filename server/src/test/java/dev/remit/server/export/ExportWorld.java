package dev.remit.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.gateway.CommitFaultWhen;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.Audited;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A node with a ledger, and exports that can be stopped and begun again. Closing it verifies the
/// ledger, and that its state is accounted for.
final class ExportWorld implements AutoCloseable {
  static final String ORIGIN = "ledger.test/x";
  static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr";

  final CommitFaultWhen faults = new CommitFaultWhen();
  final Database database = Database.open(TestDatabase.freshConfig(), faults);
  private final KeyWrap kek =
      KeyWrap.of(MasterKey.open(TestDatabase.enterable("export-"), Map.of()));
  final Ledger ledger =
      Ledger.open(database, new LedgerConfig("node-1", ORIGIN), kek, InstantSource.system());
  final LedgerReader reader = new LedgerReader(database, ledger, kek);
  final Findings findings = new Findings(database, ledger);
  final TestTransmitter transmitter = new TestTransmitter();
  private @Nullable Exports exports;

  /// Set by a test that records what no row tells of.
  boolean unaccounted;

  /// Quick to try again, slow to complain.
  static ExportConfig.Bounds bounds() {
    return new ExportConfig.Bounds(
        10,
        Duration.ofSeconds(2),
        Duration.ofMillis(20),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        3,
        1_000,
        Duration.ofMinutes(5),
        100_000);
  }

  static Target.Webhook webhook(Receiver receiver) {
    return new Target.Webhook(
        receiver.url(),
        WebhookKeys.parse(KEY),
        Optional.of(new Secret("of-the-bearer")),
        "remit.test",
        false);
  }

  static ExportConfig config(String name, Target target) {
    return new ExportConfig(name, target, Filter.ALL, false, bounds());
  }

  Exports begin(ExportConfig... configs) {
    end();
    exports =
        new Exports(
            List.of(configs),
            database,
            ledger,
            reader,
            findings,
            transmitter,
            InstantSource.system());
    return exports;
  }

  void end() {
    if (exports != null) {
      exports.close();
      exports = null;
    }
  }

  Exports exports() {
    if (exports == null) {
      throw new IllegalStateException("no export runs");
    }
    return exports;
  }

  Exports.Standing standing() {
    return exports().list().getFirst();
  }

  /// Records that a call of `workflow` was decided, and what became of it.
  void call(String workflow) {
    var id = DecisionId.fresh(Instant.now()).value();
    decided(id, workflow);
    ledger.append(
        Entry.of(EntryType.CALL_ENDED, Instant.now())
            .with("of", id)
            .with("identity", "spiffe://remit.test/" + workflow)
            .with("task", "task-of-" + workflow)
            .with("outcome", "answered")
            .with("status", 200)
            .with("bytes", 12)
            .with("tookMicros", 1_500));
  }

  Receipt decided(String id, String workflow) {
    return ledger.append(
        Entry.of(EntryType.CALL_DECIDED, Instant.now())
            .with("id", id)
            .with("identity", "spiffe://remit.test/" + workflow)
            .with("workflow", workflow)
            .with("task", "task-of-" + workflow)
            .with("intent", "pay")
            .with("token", "jti")
            .with("resource", "bank")
            .with("method", "tools/call")
            .with("action", "write")
            .with("target", "bank/pay")
            .with("policies", "sha256:00")
            .with("decision", "allow")
            .with("because", List.of("payments")));
  }

  /// Every entry that there is now.
  List<RecordedEntry> all() {
    return reader.page(0, 1_000);
  }

  /// Until the export has passed everything that is in the ledger.
  void settle() {
    until(() -> standing().next() == reader.size() && standing().held() == 0);
  }

  static void until(BooleanSupplier holds) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(holds::getAsBoolean);
  }

  List<Finding> found(String kind) {
    return findings.newest().stream().filter(one -> one.kind().equals(kind)).toList();
  }

  @Override
  public void close() {
    end();
    if (!unaccounted) {
      Accounted.check(database, Instant.now());
    }
    assertThat(database.use().active()).as("transactions left open").isZero();
    Audited.close(ledger, reader);
    database.close();
  }
}
