package dev.remit.server.lending.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Plain statements over a borrowed connection. Statements about roles take no parameters, so what
/// goes into them is quoted here and nowhere else.
final class Sql {
  private Sql() {}

  static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Runs several statements in one transaction.
  static void together(Connection connection, List<String> statements) throws SQLException {
    connection.setAutoCommit(false);
    try {
      run(connection, String.join(";\n", statements));
      connection.commit();
    } catch (SQLException e) {
      rollback(connection, e);
      throw e;
    } finally {
      restore(connection);
    }
  }

  /// Returns the first column of every row, as text; empty text for a null.
  static List<String> texts(Connection connection, String sql, String... arguments)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setString(i + 1, arguments[i]);
      }
      try (var rows = statement.executeQuery()) {
        var all = new ArrayList<String>();
        while (rows.next()) {
          var text = rows.getString(1);
          all.add(text == null ? "" : text);
        }
        return List.copyOf(all);
      }
    }
  }

  static boolean any(Connection connection, String sql, String... arguments) throws SQLException {
    return !texts(connection, sql, arguments).isEmpty();
  }

  /// Returns `name` as an identifier.
  static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// Returns `text` as a literal; `standard_conforming_strings` is on wherever we go.
  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static void rollback(Connection connection, SQLException because) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  /// A broken connection is dropped by the pool; what broke it is what is worth saying.
  private static void restore(Connection connection) throws SQLException {
    if (!connection.isClosed()) {
      connection.setAutoCommit(true);
    }
  }
}
