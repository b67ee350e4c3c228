package dev.remit.conformance.tour;

import dev.remit.conformance.harness.PrivateDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;

/// The tour's invoices: one table in a real PostgreSQL.
///
/// @param url the JDBC URL, with the user and without the password
record Invoices(String url, String password) {

  /// Makes a database `invoices` in the private PostgreSQL of the server whose data is at `data`.
  static Invoices inPrivateDatabase(Path data) throws SQLException, IOException {
    var database = PrivateDatabase.of(data);
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE invoices");
    }
    var invoices = new Invoices(database.url("invoices?user=remit"), database.password());
    invoices.create();
    return invoices;
  }

  /// Makes the table with three invoices of customer `acme` and one of `globex`.
  private void create() throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE invoice (
            number   text PRIMARY KEY,
            customer text NOT NULL,
            cents    bigint NOT NULL,
            paid     integer NOT NULL DEFAULT 0
          );
          INSERT INTO invoice (number, customer, cents) VALUES
            ('2026-001', 'acme', 120000), ('2026-002', 'acme', 80050),
            ('2026-003', 'acme', 999), ('2026-004', 'globex', 500000);
          """);
    }
  }

  String of(String customer) throws SQLException {
    var found = new ArrayList<String>();
    try (var connection = connect();
        var query =
            connection.prepareStatement(
                "SELECT number, cents, paid FROM invoice WHERE customer = ? ORDER BY number")) {
      query.setString(1, customer);
      var rows = query.executeQuery();
      while (rows.next()) {
        var state = rows.getInt("paid") == 0 ? "open" : "paid";
        found.add(rows.getString("number") + " " + rows.getLong("cents") + " cents, " + state);
      }
    }
    return found.isEmpty() ? "no invoices of " + customer : String.join("\n", found);
  }

  /// Counts payments rather than setting a flag, so that a call carried out twice shows.
  String pay(String number) throws SQLException {
    try (var connection = connect();
        var update =
            connection.prepareStatement("UPDATE invoice SET paid = paid + 1 WHERE number = ?")) {
      update.setString(1, number);
      return update.executeUpdate() == 1 ? "paid " + number : "there is no invoice " + number;
    }
  }

  String delete(String customer) throws SQLException {
    try (var connection = connect();
        var delete = connection.prepareStatement("DELETE FROM invoice WHERE customer = ?")) {
      delete.setString(1, customer);
      return "deleted " + delete.executeUpdate() + " invoices";
    }
  }

  int payments(String number) throws SQLException {
    try (var connection = connect();
        var query = connection.prepareStatement("SELECT paid FROM invoice WHERE number = ?")) {
      query.setString(1, number);
      var rows = query.executeQuery();
      return rows.next() ? rows.getInt(1) : -1;
    }
  }

  int count() throws SQLException {
    try (var connection = connect();
        var query = connection.prepareStatement("SELECT count(*) FROM invoice")) {
      var rows = query.executeQuery();
      rows.next();
      return rows.getInt(1);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url + "&password=" + password);
  }
}
