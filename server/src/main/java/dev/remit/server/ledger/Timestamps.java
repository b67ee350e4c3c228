package dev.remit.server.ledger;

import dev.remit.server.store.Database;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the newest checkpoint stamped by an authority of others, again and again.
///
/// Works on a thread and in transactions of its own, beside the one that appends: an authority that
/// is away, slow or wrong is logged, once until it changes, and asked again at the next interval;
/// nothing else waits for it. A log that has not grown is not stamped again.
public final class Timestamps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Timestamps.class);

  private final TimestampConfig config;
  private final Database database;
  private final int log;
  private final TimestampAuthority authority;
  private final Thread thread;
  private String trouble = "";

  private Timestamps(TimestampConfig config, Database database, Ledger ledger) {
    this.config = config;
    this.database = database;
    this.log = ledger.log();
    this.authority = new TimestampAuthority(config);
    this.thread = Thread.ofVirtual().name("ledger-timestamps").unstarted(this::run);
  }

  /// Begins; does nothing at all where no authority is configured.
  public static Timestamps start(TimestampConfig config, Database database, Ledger ledger) {
    var timestamps = new Timestamps(config, database, ledger);
    if (config.isOn()) {
      timestamps.thread.start();
    }
    return timestamps;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          stampNewest();
        } catch (RuntimeException e) {
          say("the database did not keep it: " + e.getMessage());
        }
        Thread.sleep(config.interval());
      }
    } catch (InterruptedException e) {
      // Closed; what was not stamped is stamped after the next start.
    }
  }

  private record Newest(int log, long size, String note) {}

  private void stampNewest() {
    // The root log too, whoever keeps it: what is said of that is said of all.
    var newest =
        database.transact(tx ->
            tx.all(
                """
                SELECT l.log, l.size, l.note
                  FROM ledger_log l
                 WHERE (l.log = ? OR l.kind = 'root')
                   AND l.size > coalesce(
                         (SELECT max(t.size) FROM ledger_timestamp t WHERE t.log = l.log), 0)
                 ORDER BY l.log
                """,
                row -> new Newest((int) row.number("log"), row.number("size"), row.text("note")),
                log));
    newest.forEach(this::stamp);
  }

  private void stamp(Newest newest) {
    switch (authority.stamp(newest.note().getBytes(StandardCharsets.UTF_8))) {
      case TimestampAuthority.Answer.Failed(var why) -> say(why);
      case TimestampAuthority.Answer.Stamped(var reply) -> {
        keep(newest, reply);
        say("");
      }
    }
  }

  /// Keeps what the authority said, and the checkpoint with it.
  private void keep(Newest stamped, byte[] reply) {
    // INVARIANT: this size is committed, so the sequencer never adds a checkpoint of it again.
    database.run(tx -> {
      tx.update(
          """
          INSERT INTO ledger_checkpoint (log, size, note) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
          """,
          stamped.log(),
          stamped.size(),
          stamped.note());
      tx.update(
          """
          INSERT INTO ledger_timestamp (log, size, reply) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
          """,
          stamped.log(),
          stamped.size(),
          reply);
    });
  }

  private void say(String why) {
    if (why.equals(trouble)) {
      return;
    }
    trouble = why;
    if (why.isEmpty()) {
      LOG.info("the timestamp authority `{}` stamps checkpoints again", config.url());
    } else {
      LOG.warn(
          "no timestamp from `{}`: {}; it is asked again every {}",
          config.url(),
          why,
          config.interval());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    authority.close();
  }
}
