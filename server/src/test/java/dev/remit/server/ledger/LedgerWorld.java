package dev.remit.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.LedgerAudit;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// A ledger on a real database of its own. Closing it verifies everything that was recorded.
final class LedgerWorld implements AutoCloseable {
  private final DatabaseConfig where = TestDatabase.freshConfig();
  private final CommitFaults faults = new CommitFaults();
  private final Database database;
  private final Path keys = TestDatabase.enterable("ledger-");
  private final KeyWrap kek = KeyWrap.of(MasterKey.open(keys, Map.of()));
  private final List<Ledger> ledgers = new ArrayList<>();
  private LedgerConfig config = new LedgerConfig("node-1", "ledger.test/node-1");
  private boolean damaged;
  private Duration clockBack = Duration.ZERO;

  LedgerWorld() {
    database = Database.open(where, faults);
    reopen();
  }

  Ledger ledger() {
    return ledgers.getLast();
  }

  Database database() {
    return database;
  }

  DatabaseConfig where() {
    return where;
  }

  void failNextCommit(CommitFaults.Fault fault) {
    faults.failNext(fault);
  }

  void reopen() {
    ledgers.add(open());
  }

  /// Another process opens the same log.
  Ledger openAnother() {
    var another = open();
    ledgers.addFirst(another);
    return another;
  }

  private Ledger open() {
    return Ledger.open(database, config, kek, clock());
  }

  /// The log's own writer, without a thread that uses it.
  LogWriter openWriter() {
    var keys = new SubjectKeys(kek);
    return new LogStart(database, config, kek, keys, clock(), Crashes.NEVER).start();
  }

  KeyWrap kek() {
    return kek;
  }

  /// Another node over the same database. Close it.
  Ledger openAs(String node, String origin) {
    return Ledger.open(database, new LedgerConfig(node, origin), kek, clock());
  }

  private InstantSource clock() {
    return () -> Instant.now().minus(clockBack);
  }

  /// Sets the machine's clock back.
  void setClockBack(Duration by) {
    clockBack = by;
  }

  private static final List<String> TABLES =
      List.of("ledger_key", "ledger_entry", "ledger_node", "ledger_checkpoint", "ledger_body");

  /// Keeps what the ledger's tables hold, for [#restore].
  void backup() {
    for (var table : TABLES) {
      sql("CREATE TABLE backup_%1$s AS SELECT * FROM %1$s".formatted(table));
    }
    sql("CREATE TABLE backup_ledger_log AS SELECT * FROM ledger_log");
  }

  /// Puts the ledger's tables back to what they were, behind its back.
  void restore() {
    for (var table : TABLES) {
      sql("DELETE FROM " + table);
      sql("INSERT INTO %1$s SELECT * FROM backup_%1$s".formatted(table));
    }
    sql(
        """
        UPDATE ledger_log AS l
           SET epoch = b.epoch, last_n = b.last_n, size = b.size, root = b.root, note = b.note
          FROM backup_ledger_log AS b
         WHERE l.log = b.log
        """);
  }

  void reopenWith(UnaryOperator<LedgerConfig> change) {
    ledger().close();
    config = change.apply(config);
    reopen();
  }

  static LedgerConfig withHeartbeat(LedgerConfig config, Duration every) {
    return new LedgerConfig(
        config.node(),
        config.origin(),
        config.batchMax(),
        config.submittedMax(),
        config.submitWaitMax(),
        every,
        config.checkpointEvery(),
        config.closeWaitMax(),
        config.keeper());
  }

  LedgerReader reader() {
    return new LedgerReader(database, ledger(), kek);
  }

  Instant now() {
    return clock().instant();
  }

  Entry entry(String id) {
    return Entry.of(EntryType.CALL_DECIDED, now()).with("id", id).with("decision", "deny");
  }

  List<NoteKey> keys() {
    return reader().keys();
  }

  List<String> types() {
    return texts("SELECT type AS text FROM ledger_entry ORDER BY index");
  }

  List<String> ids() {
    return texts("SELECT id AS text FROM ledger_entry WHERE type = 'call.decided' ORDER BY index");
  }

  List<String> texts(String sql) {
    return database.transact(tx -> tx.all(sql, row -> row.text("text")));
  }

  byte[] entryBytes(String id) {
    return database.transact(tx ->
        tx.one("SELECT bytes FROM ledger_entry WHERE id = ?", row -> row.bytes("bytes"), id)
            .orElseThrow());
  }

  String entryText(String id) {
    return new String(entryBytes(id), StandardCharsets.UTF_8);
  }

  String text(long index) {
    return texts(
            "SELECT convert_from(bytes, 'UTF8') AS text FROM ledger_entry WHERE index = " + index)
        .getFirst();
  }

  void sql(String sql) {
    database.run(tx -> tx.update(sql));
  }

  /// Runs SQL after which the ledger is not expected to verify.
  void damage(String sql) {
    damaged = true;
    sql(sql);
  }

  long count(String table) {
    return database.transact(
        tx -> tx.one("SELECT count(*) AS n FROM " + table, row -> row.number("n")).orElseThrow());
  }

  String storedSigningKeyHex() {
    return HexFormat.of().formatHex(storedSigningKey());
  }

  private byte[] storedSigningKey() {
    return database.transact(tx ->
        tx.one("SELECT wrapped FROM ledger_key LIMIT 1", row -> row.bytes("wrapped"))
            .orElseThrow());
  }

  @Override
  public void close() {
    var keys = keys();
    ledgers.forEach(Ledger::close);
    if (!damaged) {
      var report = LedgerAudit.of(reader().files(), keys);
      assertThat(report.damages()).isEmpty();
      assertThat(report.entries()).isEqualTo(count("ledger_entry WHERE log = " + ledger().log()));
    }
    database.close();
  }

  /// Where this world's master key is.
  Path keyDirectory() {
    return keys;
  }
}
