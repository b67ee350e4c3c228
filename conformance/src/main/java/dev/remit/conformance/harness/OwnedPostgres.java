package dev.remit.conformance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A PostgreSQL in which we are superuser, as somebody is who runs one on a laptop: the private one
/// of a Remit server, which was given one more role while it was stopped.
///
/// @param where how to reach it
/// @param user a superuser's name
/// @param password of that superuser
public record OwnedPostgres(PrivateDatabase where, String user, String password) {
  private static final String USER = "laptop";
  private static final String PASSWORD = "of-the-laptop";

  /// Stops `remit`, makes the superuser, and starts it again.
  public static OwnedPostgres of(RemitProcess remit) {
    remit.stop();
    var home = remit.data().resolve("postgres");
    try {
      var cluster = only(home, "cluster-*");
      var statement = "CREATE ROLE " + USER + " LOGIN SUPERUSER PASSWORD '" + PASSWORD + "'\n";
      run(command(cluster, program(home)), statement);
      remit.restart();
      return new OwnedPostgres(PrivateDatabase.of(remit.data()), USER, PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException("become superuser in `" + home + "`", e);
    }
  }

  /// Runs statements in a database of it.
  public void run(String database, String... statements) {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", statements), e);
    }
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(where.url(database), user, password);
  }

  public int port() {
    return Integer.parseInt(where.server().replaceAll(".*:(\\d+)/$", "$1"));
  }

  /// Never shows the password.
  @Override
  public String toString() {
    return "OwnedPostgres[" + where + "]";
  }

  /// The database's account where this is root: PostgreSQL never runs as that.
  private static List<String> command(Path cluster, Path program) throws IOException {
    var command = new ArrayList<String>();
    if (System.getProperty("user.name").equals("root")) {
      var owner = Files.getAttribute(cluster, "unix:uid");
      var group = Files.getAttribute(cluster, "unix:gid");
      command.addAll(
          List.of("setpriv", "--reuid=" + owner, "--regid=" + group, "--clear-groups", "--"));
    }
    command.addAll(List.of(program.toString(), "--single", "-D", cluster.toString(), "postgres"));
    return command;
  }

  private static void run(List<String> command, String input) throws IOException {
    var process =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .start();
    try (var in = process.outputWriter()) {
      in.write(input);
    }
    try (var out = process.inputReader()) {
      var said = String.join("\n", out.lines().toList());
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("`" + String.join(" ", command) + "` failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Path only(Path home, String glob) throws IOException {
    try (var found = Files.newDirectoryStream(home, glob)) {
      for (var one : found) {
        return one;
      }
    }
    throw new IOException("there is no " + glob + " in " + home);
  }

  private static Path program(Path home) throws IOException {
    try (var all = Files.find(home, 4, (path, _) -> path.endsWith("bin/postgres"))) {
      return all.findFirst().orElseThrow(() -> new IOException("no `postgres` in " + home));
    }
  }
}
