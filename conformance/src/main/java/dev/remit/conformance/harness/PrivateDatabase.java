package dev.remit.conformance.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// The private PostgreSQL of a server that runs on this machine, reached as its owner could.
///
/// @param server JDBC URL up to the name of a database
/// @param password of its one role
public record PrivateDatabase(String server, String password) {

  /// Finds the database of the server whose data is at `data`.
  public static PrivateDatabase of(Path data) throws IOException {
    var home = data.resolve("postgres");
    return new PrivateDatabase(
        "jdbc:postgresql://127.0.0.1:" + port(home) + "/",
        Files.readString(home.resolve("password")).strip());
  }

  /// Connects to Remit's own tables.
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url("remit"), "remit", password);
  }

  /// Returns the JDBC URL of a database in it, without user and password.
  public String url(String database) {
    return server + database;
  }

  /// Never shows the password.
  @Override
  public String toString() {
    return "PrivateDatabase[" + server + "]";
  }

  /// The fourth line of `postmaster.pid` is the port (PostgreSQL, `miscadmin.h`).
  private static String port(Path home) throws IOException {
    try (var clusters = Files.newDirectoryStream(home, "cluster-*")) {
      for (var cluster : clusters) {
        return Files.readAllLines(cluster.resolve("postmaster.pid")).get(3).strip();
      }
    }
    throw new IOException("there is no cluster in " + home);
  }
}
