package dev.remit.server.store;

import dev.remit.server.store.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Real databases for tests: one private PostgreSQL for the whole test run, a new copy of the
/// migrated schema for each test, dropped some tests after the last connection to it has ended.
///
/// Whatever a test run writes, this and the directories it gives to tests, lies in one folder that
/// goes with the run.
///
/// [#stop] and [#start] take the whole server away and bring it back, [#cut] breaks the connections
/// of one database, and [CommitFaults] fails a commit in either of its two ways.
public final class TestDatabase {
  private static final String TEMPLATE = "remit";
  private static final Set<PosixFilePermission> ENTERABLE =
      PosixFilePermissions.fromString("rwx--x--x");

  /// How many databases may be there before those that nobody uses are dropped, but for the newer
  /// half: what a test has just closed it may open again. Dropping costs a checkpoint, so not each
  /// for itself.
  private static final int KEPT_MAX = 40;

  private static final Path RUN = run();
  private static final List<Runnable> ENDING = new CopyOnWriteArrayList<>();
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Set<String> KEPT = new LinkedHashSet<>();
  private static @Nullable TestDatabase running;

  private final Path directory;
  private EmbeddedPostgres postgres;

  private TestDatabase(Path directory) {
    this.directory = directory;
    this.postgres = EmbeddedPostgres.start(directory, programs());
    atEnd(TestDatabase::stop);
    // Migrates the database that every other one is copied from.
    Database.open(postgres.config(1)).close();
  }

  /// A new, empty, migrated database. Close it, so that it can be dropped.
  public static Database fresh() {
    return Database.open(freshConfig());
  }

  /// The same with a fault in its commits.
  public static Database fresh(CommitHook commits) {
    return Database.open(freshConfig(), commits);
  }

  /// How to reach a new, empty, migrated database; opened twice it plays two nodes.
  public static DatabaseConfig freshConfig() {
    dropUnused();
    var name = "test_" + COUNT.incrementAndGet();
    execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    KEPT.add(name);
    var config = server().config(5);
    return new DatabaseConfig(
        server().url(name),
        config.user(),
        config.password(),
        config.poolMax(),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10));
  }

  private static synchronized void dropUnused() {
    if (KEPT.size() < KEPT_MAX) {
      return;
    }
    var older = KEPT.stream().limit(KEPT_MAX / 2).toList();
    var config = server().config(1);
    try (var connection =
            DriverManager.getConnection(
                server().url("postgres"), config.user(), config.password());
        var statement = connection.createStatement()) {
      for (var name : older) {
        var users = "SELECT 1 FROM pg_stat_activity WHERE datname = '" + name + "'";
        if (!statement.executeQuery(users).next()) {
          statement.execute("DROP DATABASE " + name);
          KEPT.remove(name);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("drop the databases of earlier tests", e);
    }
  }

  /// Breaks every connection to the database of `config`, as a failing network or server would.
  public static void cut(DatabaseConfig config) {
    var name = config.url().substring(config.url().lastIndexOf('/') + 1);
    execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", name);
  }

  /// Takes the server away until [#start].
  public static synchronized void stop() {
    server().close();
  }

  /// Brings the server back with what it had, on the same port.
  public static synchronized void start() {
    if (running != null) {
      running.postgres = EmbeddedPostgres.start(running.directory, programs());
    }
  }

  public static void restart() {
    stop();
    start();
  }

  private static synchronized EmbeddedPostgres server() {
    if (running == null) {
      running = new TestDatabase(enterable("postgres-"));
    }
    return running.postgres;
  }

  private static void execute(String sql, String... arguments) {
    var config = server().config(1);
    var url = server().url("postgres");
    try (var connection = DriverManager.getConnection(url, config.user(), config.password());
        var statement = connection.createStatement()) {
      statement.execute(sql.formatted((Object[]) arguments));
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /// Where the programs are kept from one test run to the next. Only a directory that is already
  /// ours is trusted, since others may write beside it.
  public static Path programs() {
    var directory =
        Path.of(System.getProperty("java.io.tmpdir"))
            .resolve("remit-postgres-" + System.getProperty("user.name"));
    try {
      if (!Files.exists(directory)) {
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      var owner = Files.getOwner(directory).getName();
      if (!owner.equals(System.getProperty("user.name"))) {
        throw new IllegalStateException("`" + directory + "` belongs to " + owner);
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("keep PostgreSQL in `" + directory + "`", e);
    }
  }

  /// A new directory that the account of the database may pass through. It goes with the test run.
  public static Path enterable(String prefix) {
    try {
      var directory = Files.createTempDirectory(RUN, prefix);
      Files.setPosixFilePermissions(directory, ENTERABLE);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("make a directory for a test", e);
    }
  }

  private static Path run() {
    try {
      var directory = Files.createTempDirectory("remit-tests-");
      Files.setPosixFilePermissions(directory, ENTERABLE);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(directory)));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("make a directory for the test run", e);
    }
  }

  /// Has `last` run when the test run ends, before its folder is removed.
  public static void atEnd(Runnable last) {
    ENDING.add(last);
  }

  /// Removing some ten thousand files takes longer than a test run is given to end, so a process of
  /// its own does it.
  private static void end(Path directory) {
    ENDING.forEach(Runnable::run);
    try {
      new ProcessBuilder("rm", "-rf", directory.toString()).start();
    } catch (IOException e) {
      throw new UncheckedIOException("remove `" + directory + "`", e);
    }
  }

  /// Removes a directory tree that a test made.
  public static void discard(Path tree) {
    try (var paths = Files.walk(tree)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("remove `" + tree + "`", e);
    }
  }
}
