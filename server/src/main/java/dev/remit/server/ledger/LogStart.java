package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Frontier;
import dev.remit.kernel.ledger.Producer;
import dev.remit.server.ledger.CrashPoint.Moment;
import dev.remit.server.ledger.CrashPoint.Stage;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Opens a node's log: reads the tree's right edge, raises the fence, and appends the boot entry,
/// all in one transaction and by the same path as any other entry.
///
/// A crash before the commit leaves everything as it was, and the previous epoch, if its process
/// still lives, goes on; after it that process is fenced and this epoch holds a boot entry.
final class LogStart {
  private final Database database;
  private final LedgerConfig config;
  private final KeyWrap kek;
  private final SubjectKeys keys;
  private final InstantSource clock;
  private final Crashes crashes;
  private final LedgerStore store = new LedgerStore();

  LogStart(
      Database database,
      LedgerConfig config,
      KeyWrap kek,
      SubjectKeys keys,
      InstantSource clock,
      Crashes crashes) {
    this.database = database;
    this.config = config;
    this.kek = kek;
    this.keys = keys;
    this.clock = clock;
    this.crashes = crashes;
  }

  private record Begun(LogWriter writer, Attempt boot) {}

  LogWriter start() {
    crashes.at(Stage.BOOT, Moment.BEFORE_SEND);
    var begun =
        database.transact(tx -> {
          var begins = begin(tx);
          crashes.at(Stage.BOOT, Moment.BEFORE_COMMIT);
          return begins;
        });
    crashes.at(Stage.BOOT, Moment.AFTER_COMMIT);
    begun.writer.accept(begun.boot);
    crashes.at(Stage.BOOT, Moment.BEFORE_ANSWER);
    return begun.writer;
  }

  private Begun begin(Tx tx) {
    var now = clock.instant();
    var head = store.hold(tx, config);
    var frontier = Frontier.of(new StoredNodes(tx, head.log()), head.size());
    if (!frontier.root().equals(head.root())) {
      throw new LedgerDamagedException(
          "the stored tree of `" + head.origin() + "` is not the one its head names");
    }
    var entries = new ArrayList<Entry>();
    entries.add(
        Entry.of(EntryType.BOOT, now)
            .with("previousEpoch", head.epoch())
            .with("previousN", head.lastN())
            .withMaybe("keeper", config.keeper()));
    var signer = signer(tx, head, now, entries);
    var producer = new Producer(config.node(), head.epoch() + 1);
    store.take(tx, head.log(), producer.epoch(), config.keeper());

    var opened = new LogWriter.Opened(head.log(), producer, signer, frontier, 0);
    var writer =
        new LogWriter(database, store, keys, clock, config.checkpointEvery(), crashes, opened);
    return new Begun(writer, writer.append(tx, prepared(producer, entries)));
  }

  private Signer signer(Tx tx, Head head, Instant now, List<Entry> entries) {
    return store
        .currentKey(tx, head.log())
        .map(key -> Signer.open(key.key(), key.wrapped(), kek))
        .orElseGet(() -> {
          if (head.size() > 0) {
            throw new LedgerDamagedException(
                "the signing key of `"
                    + head.origin()
                    + "` in `ledger_key` is gone; restore the database as a whole");
          }
          var fresh = Signer.create(head.origin(), kek);
          store.insertKey(tx, head.log(), fresh, 0, now);
          entries.add(
              Entry.of(EntryType.KEY_CREATED, now)
                  .with("purpose", "ledger")
                  .with("key", fresh.key().toString()));
          return Signer.open(fresh.key(), fresh.wrapped(), kek);
        });
  }

  private List<Prepared> prepared(Producer producer, List<Entry> entries) {
    return entries.stream().map(entry -> Prepared.of(producer, keys, entry)).toList();
  }
}
