package dev.remit.server.store.embedded;

import dev.remit.server.store.DatabaseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A private PostgreSQL in a directory of its own, reachable from this machine only and with a
/// random password.
///
/// The first start unpacks the programs and makes the cluster, a few seconds; later ones take a
/// fraction of one. A server that dies is started again on the same port. Closing shuts it down;
/// when this process is killed instead, the server notices and shuts itself down.
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final Duration BACK_OFF_MAX = Duration.ofSeconds(10);

  private final Cluster cluster;
  private final DirectoryLock lock;
  private final int port;
  private volatile Postmaster postmaster;
  private volatile boolean closing;

  private EmbeddedPostgres(Cluster cluster, DirectoryLock lock, int port, Postmaster postmaster) {
    this.cluster = cluster;
    this.lock = lock;
    this.port = port;
    this.postmaster = postmaster;
  }

  /// Starts the server of `directory`, making what is missing.
  ///
  /// @throws PostgresNotStarted saying what to do, when another process uses the directory, when
  ///   this is root and cannot give that up, or when the server does not start
  public static EmbeddedPostgres start(Path directory) {
    return start(directory, directory);
  }

  /// The same with the programs unpacked below `programs`, where several servers may share them.
  public static EmbeddedPostgres start(Path directory, Path programs) {
    // The database's programs run in `/`, so every path they are given is absolute.
    var home = directory.toAbsolutePath().normalize();
    var shared = programs.toAbsolutePath().normalize();
    var account = Account.choose();
    try {
      makeEnterable(home, account);
      makeEnterable(shared, account);
      account.openWay(home.getParent());
      account.requireEntry(home);
      var lock = DirectoryLock.take(home);
      try {
        return start(new Cluster(home, Binaries.unpacked(shared), account), lock);
      } catch (RuntimeException | IOException | InterruptedException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("start PostgreSQL in `" + home + "`", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresNotStarted("interrupted while starting", e);
    }
  }

  private static EmbeddedPostgres start(Cluster cluster, DirectoryLock lock)
      throws IOException, InterruptedException {
    cluster.account().requireEntry(cluster.programs());
    cluster.makeIfMissing();
    Postmaster.stopOrphan(cluster);
    int port = cluster.freePort();
    cluster.configure(port);
    var postmaster = Postmaster.launch(cluster);
    postmaster.awaitReady();
    var postgres = new EmbeddedPostgres(cluster, lock, port, postmaster);
    Thread.ofPlatform().daemon().name("postgres-supervisor").start(postgres::supervise);
    return postgres;
  }

  /// Another account must be able to pass through, not to look around.
  private static void makeEnterable(Path directory, Account account) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Files.createDirectories(directory);
    var permissions = account.isOther() ? "rwx--x--x" : "rwx------";
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
  }

  /// How to connect to it.
  public DatabaseConfig config(int poolMax) {
    return new DatabaseConfig(url(Cluster.DATABASE), Cluster.ROLE, cluster.password(), poolMax);
  }

  /// JDBC URL of a database in it.
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /// Process id of the server; changes when it had to be started again.
  public long pid() {
    return postmaster.pid();
  }

  /// Shuts the server down and lets go of the directory. Waits until both have happened.
  @Override
  public void close() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    try {
      postmaster.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lock.close();
  }

  private void supervise() {
    var backOff = Duration.ofMillis(100);
    try {
      while (!closing) {
        int status = postmaster.awaitEnd();
        if (closing) {
          return;
        }
        LOG.warn("the private PostgreSQL ended with status {}, starting it again", status);
        backOff = startAgain(backOff);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration startAgain(Duration backOff) throws InterruptedException {
    Thread.sleep(backOff);
    synchronized (this) {
      if (closing) {
        return backOff;
      }
      try {
        postmaster = Postmaster.launch(cluster);
      } catch (IOException e) {
        LOG.error("could not start the private PostgreSQL again", e);
        return longer(backOff);
      }
    }
    try {
      postmaster.awaitReady();
      LOG.info("the private PostgreSQL is back");
      return Duration.ofMillis(100);
    } catch (PostgresNotStarted e) {
      // Children of a killed server may still be going down; the next attempt finds them gone.
      LOG.warn("{}", e.getMessage());
      return longer(backOff);
    }
  }

  private static Duration longer(Duration backOff) {
    var doubled = backOff.multipliedBy(2);
    return doubled.compareTo(BACK_OFF_MAX) > 0 ? BACK_OFF_MAX : doubled;
  }
}
