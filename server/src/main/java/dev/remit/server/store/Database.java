package dev.remit.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database that everything durable goes through: a pool of connections to one migrated schema.
///
/// Opening it checks that the server keeps what it acknowledges and brings the schema up to date.
/// Safe for use by many threads; a transaction belongs to the thread that runs it.
public final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private final DatabaseConfig config;
  private final HikariDataSource pool;
  private final CommitHook commits;

  private Database(DatabaseConfig config, HikariDataSource pool, CommitHook commits) {
    this.config = config;
    this.pool = pool;
    this.commits = commits;
  }

  /// Connects, refuses an unsafe server, migrates.
  ///
  /// @throws UnsafeDatabase when the server could lose acknowledged rows, or is older than 15
  /// @throws DatabaseUnavailable when it cannot be reached within [DatabaseConfig#waitMax]
  public static Database open(DatabaseConfig config) {
    return open(config, CommitHook.PLAIN);
  }

  /// The same, with the commit sent by `commits`; how tests make a commit fail.
  public static Database open(DatabaseConfig config, CommitHook commits) {
    var pool = new HikariDataSource(pool(config));
    try {
      var database = new Database(config, pool, commits);
      database.run(SafetyCheck::check);
      migrate(config);
      return database;
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /// Runs `work` in one transaction and commits it; anything thrown rolls it back and comes out
  /// unchanged. The work must be free of side effects outside the transaction.
  ///
  /// @throws NotCommitted when the database went away before the commit: nothing is stored
  /// @throws CommitUnknown when it went away during the commit: read back before trying again
  public <T> T transact(Function<Tx, T> work) {
    var connection = connect();
    var tx = new Tx(connection);
    try {
      var answer = work.apply(tx);
      commit(connection, tx);
      return answer;
    } catch (DatabaseUnavailable e) {
      // What broke this connection has most likely broken the idle ones too: with all of them
      // replaced, one failure is one failure.
      pool.getHikariPoolMXBean().softEvictConnections();
      throw e;
    } catch (RuntimeException | Error e) {
      rollback(connection);
      throw e;
    } finally {
      giveBack(connection);
    }
  }

  /// Runs `work` on one moment's state: whatever it reads, however long it takes, was so at once.
  /// It cannot write.
  public <T> T snapshot(Function<Tx, T> work) {
    return transact(tx -> {
      tx.update("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      return work.apply(tx);
    });
  }

  /// [#transact] for work without an answer.
  public void run(Consumer<Tx> work) {
    transact(tx -> {
      work.accept(tx);
      return true;
    });
  }

  /// Lets go of the versions of rows that `table` no longer needs, as far as PostgreSQL does so
  /// when it is asked.
  ///
  /// What was there can still be read from the write-ahead log until its files are used again, from
  /// backups and from replicas. Never throws: it is done again by itself, later.
  public void reclaim(String table) {
    // Not in a transaction, where it is refused.
    var sql = "VACUUM " + table;
    try (var connection = connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(true);
      statement.execute(sql);
    } catch (SQLException | DatabaseUnavailable e) {
      LOG.warn("`{}` was not done: {}", sql, e.getMessage());
    }
  }

  /// Calls `onNotice` with the payload of every notice on `channel`, in order, on one thread, until
  /// closed. The channel is being listened to when this returns.
  ///
  /// Keeps a connection of its own. When that breaks it is made again with back-off, and
  /// `onReconnect` is called once the channel is listened to anew: notices sent in between are
  /// gone, so read back what they would have said.
  ///
  /// @throws DatabaseUnavailable when the first connection cannot be made
  public Listening listen(String channel, Consumer<String> onNotice, Runnable onReconnect) {
    return Listening.start(config, channel, onNotice, onReconnect);
  }

  /// Whether a connection can be had and used now; never throws.
  public boolean isReachable() {
    try {
      run(tx -> tx.all("SELECT 1 AS one", row -> row.number("one")));
      return true;
    } catch (DatabaseUnavailable e) {
      return false;
    }
  }

  /// How the pool is used now.
  public Use use() {
    var now = pool.getHikariPoolMXBean();
    return new Use(
        now.getActiveConnections(), now.getIdleConnections(), now.getThreadsAwaitingConnection());
  }

  /// Connections in use, connections at rest, and threads that wait for one.
  public record Use(int active, int idle, int waiting) {}

  /// Closes every connection; transactions that still run fail.
  @Override
  public void close() {
    pool.close();
  }

  private Connection connect() {
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      throw new NotCommitted("connect to " + config.url(), e);
    }
  }

  private void commit(Connection connection, Tx tx) {
    try {
      commits.commit(connection);
    } catch (SQLException e) {
      // A deferred constraint is the one thing that a commit can refuse while the server is well.
      throw Lost.isConnection(e)
          ? new CommitUnknown("commit after " + tx.attempted(), e)
          : new StatementFailed("commit after " + tx.attempted(), e);
    }
  }

  private void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // Broken on the way: the server rolls back by itself, and the pool drops the connection.
      LOG.debug("rollback", e);
    }
  }

  private void giveBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("give a connection back", e);
    }
  }

  private static HikariConfig pool(DatabaseConfig config) {
    var pool = new HikariConfig();
    pool.setPoolName("database");
    pool.setJdbcUrl(config.url());
    pool.setUsername(config.user());
    pool.setPassword(config.password());
    pool.setMaximumPoolSize(config.poolMax());
    pool.setMinimumIdle(1);
    pool.setAutoCommit(false);
    pool.setConnectionTimeout(config.waitMax().toMillis());
    pool.setValidationTimeout(Math.min(1000, config.waitMax().toMillis()));
    // Open does the first connect itself, so that its failure is ours to word.
    pool.setInitializationFailTimeout(-1);
    Connecting.properties(config).forEach(pool::addDataSourceProperty);
    return pool;
  }

  /// On connections of its own: Flyway holds several at once, and a long migration is not bound by
  /// the longest statement.
  private static void migrate(DatabaseConfig config) {
    Flyway.configure()
        .dataSource(config.url(), config.user(), config.password())
        .locations("classpath:db/migration")
        .failOnMissingLocations(false)
        .outOfOrder(true)
        .load()
        .migrate();
  }
}
