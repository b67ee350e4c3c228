package dev.remit.server.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of the PostgreSQL server process, held on a leash.
///
/// The leash is a pipe whose other end only this process holds. A small watcher beside the server
/// reads it and asks the server to shut down when it closes: on [#stop], and also when this process
/// is killed in a way that lets nothing of it run any more.
final class Postmaster {
  private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
  private static final Duration STOP_MAX = Duration.ofSeconds(60);
  private static final Duration START_MAX = Duration.ofMinutes(10);

  /// `$$` stays the number of this shell, which `exec` turns into the server. The watcher is
  /// started by a shell that ends at once, so the server never has a child that it does not know.
  private static final String ON_A_LEASH =
      """
      exec 3<&0 </dev/null
      ( ( trap '' INT TERM HUP; cat <&3 >/dev/null 2>&1; kill -INT $$ 2>/dev/null ) & )
      exec 3<&-
      exec "$@"
      """;

  private final Cluster cluster;
  private final Process process;

  private Postmaster(Cluster cluster, Process process) {
    this.cluster = cluster;
    this.process = process;
  }

  /// Starts a server on the configured cluster; nothing may be serving it.
  static Postmaster launch(Cluster cluster) throws IOException {
    var output = startLog(cluster).toFile();
    var process =
        cluster
            .account()
            .command(command(cluster))
            .redirectOutput(output)
            .redirectError(ProcessBuilder.Redirect.appendTo(output))
            .start();
    return new Postmaster(cluster, process);
  }

  private static List<String> command(Cluster cluster) {
    var command = new ArrayList<>(ownSession());
    command.addAll(List.of("sh", "-c", ON_A_LEASH, "sh", cluster.program("postgres")));
    command.addAll(List.of("-D", cluster.data().toString()));
    command.addAll(List.of("-c", "config_file=" + cluster.configuration()));
    return command;
  }

  /// Ctrl-C in a terminal goes to the whole foreground group; the database must outlive the
  /// requests that Remit still finishes then.
  private static List<String> ownSession() {
    var setsid = Path.of("/usr/bin/setsid");
    return Files.isExecutable(setsid) ? List.of(setsid.toString()) : List.of();
  }

  private static Path startLog(Cluster cluster) {
    return cluster.home().resolve("start.log");
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Waits until the server takes connections; recovery after a crash may take its time.
  ///
  /// @throws PostgresNotStarted with the server's own words when it ended instead
  void awaitReady() throws InterruptedException {
    long giveUpAt = System.nanoTime() + START_MAX.toNanos();
    while (!isReady()) {
      if (!process.isAlive()) {
        throw new PostgresNotStarted(
            "PostgreSQL ended with status %d while starting: %s"
                .formatted(process.exitValue(), lastWords()));
      }
      if (System.nanoTime() > giveUpAt) {
        stop();
        throw new PostgresNotStarted("PostgreSQL was not ready after " + START_MAX);
      }
      Thread.sleep(5);
    }
  }

  private boolean isReady() {
    return PidFile.read(cluster.data())
        .filter(file -> file.pid() == process.pid() && file.isReady())
        .isPresent();
  }

  private String lastWords() {
    try {
      var lines = Files.readAllLines(startLog(cluster));
      return String.join("; ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    } catch (IOException e) {
      return "it left no output";
    }
  }

  /// Waits for the end, however it comes.
  int awaitEnd() throws InterruptedException {
    int status = process.waitFor();
    letGo();
    return status;
  }

  /// Shuts down in order: sessions are cut, everything is written, the next start needs no
  /// recovery.
  void stop() throws InterruptedException {
    letGo();
    if (!process.waitFor(1, TimeUnit.SECONDS)) {
      // The watcher may have been killed; the signal itself does the same.
      signal(cluster, "INT", process.pid());
    }
    if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("the private PostgreSQL did not stop within {}, cutting it off", STOP_MAX);
      signal(cluster, "QUIT", process.pid());
      process.waitFor();
    }
  }

  private void letGo() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("the leash was already gone", e);
    }
  }

  /// Stops a server that an earlier Remit left on this cluster. The caller holds the directory's
  /// lock, so that Remit is gone and this server has nobody to serve.
  static void stopOrphan(Cluster cluster) throws InterruptedException {
    var file = PidFile.read(cluster.data());
    var orphan = file.flatMap(found -> found.server(cluster.data()));
    if (orphan.isPresent()) {
      LOG.info("stopping the PostgreSQL that an earlier run left behind");
      signal(cluster, "INT", orphan.get().pid());
      awaitGone(cluster, orphan.get());
    } else if (file.isPresent() && ProcessHandle.of(file.get().pid()).isPresent()) {
      forgetNumber(cluster);
    }
  }

  private static void awaitGone(Cluster cluster, ProcessHandle orphan) throws InterruptedException {
    long giveUpAt = System.nanoTime() + STOP_MAX.toNanos();
    while (orphan.isAlive() && PidFile.read(cluster.data()).isPresent()) {
      if (System.nanoTime() > giveUpAt) {
        throw new PostgresNotStarted(
            "an earlier PostgreSQL (process %d) does not stop; end it with `kill -QUIT %d`"
                .formatted(orphan.pid(), orphan.pid()));
      }
      Thread.sleep(10);
    }
  }

  /// The server is dead and its number belongs to an unrelated process now, which would make
  /// PostgreSQL believe that it still runs. The rest of the file stays: PostgreSQL reads from it
  /// whether memory of the dead server is still in use, and waits or refuses if so.
  private static void forgetNumber(Cluster cluster) {
    var file = cluster.data().resolve("postmaster.pid").toString();
    var edit = "{ echo 2147483647; tail -n +2 \"$1\"; } > \"$1.new\" && mv \"$1.new\" \"$1\"";
    cluster.account().run("mend a stale postmaster.pid", List.of("sh", "-c", edit, "sh", file), "");
  }

  private static void signal(Cluster cluster, String signal, long pid) {
    cluster.account().attempt(List.of("sh", "-c", "kill -%s %d".formatted(signal, pid)));
  }
}
