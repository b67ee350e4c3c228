package dev.remit.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One open transaction: plain SQL with `?` for each argument.
///
/// Arguments may be text, numbers, booleans, [java.time.Instant] (as `timestamptz`), `byte[]`,
/// [java.util.UUID], enums (by name), `List` of text (as `text[]`), `long[]`, `byte[][]`, or null.
/// JSON goes in as text with `?::jsonb`.
///
/// Belongs to one thread and ends with the function that it was handed to. Throws [NotCommitted]
/// when the connection breaks and [StatementFailed] when the database refuses a statement; both end
/// the transaction.
public final class Tx {
  private static final int ROWS_AT_ONCE = 1_000;

  private final Connection connection;
  private String attempted = "begin a transaction";

  Tx(Connection connection) {
    this.connection = connection;
  }

  /// Returns the only row, or empty when there is none. More than one is a bug and throws
  /// [IllegalStateException].
  public <T> Optional<T> one(String sql, Function<Row, T> read, @Nullable Object... args) {
    var rows = all(sql, read, args);
    if (rows.size() > 1) {
      throw new IllegalStateException(attempted + ": expected one row, got " + rows.size());
    }
    return rows.stream().findFirst();
  }

  public <T> List<T> all(String sql, Function<Row, T> read, @Nullable Object... args) {
    return execute(
        sql,
        args,
        statement -> {
          try (var result = statement.executeQuery()) {
            return readAll(result, read);
          }
        });
  }

  /// Hands over every row, a few at a time, however many there are.
  public void each(String sql, Consumer<Row> read, @Nullable Object... args) {
    execute(
        sql,
        args,
        statement -> {
          statement.setFetchSize(ROWS_AT_ONCE);
          try (var result = statement.executeQuery()) {
            var row = new Row(result);
            while (result.next()) {
              read.accept(row);
            }
            return true;
          }
        });
  }

  /// Returns how many rows were changed.
  public int update(String sql, @Nullable Object... args) {
    return execute(sql, args, PreparedStatement::executeUpdate);
  }

  /// Tells every [Database#listen] of `channel`, in every node, once this transaction is committed.
  ///
  /// @param payload at most 7,999 bytes; send a number to look up rather than the thing itself
  public void notify(String channel, String payload) {
    execute("SELECT pg_notify(?, ?)", new Object[] {channel, payload}, PreparedStatement::execute);
  }

  /// The connection itself, for what plain statements cannot say (COPY). Neither commit nor close
  /// it.
  public Connection connection() {
    return connection;
  }

  /// What was last tried, as a phrase for an error: the first line of the statement.
  String attempted() {
    return attempted;
  }

  private static <T> List<T> readAll(ResultSet result, Function<Row, T> read) throws SQLException {
    var rows = new ArrayList<T>();
    var row = new Row(result);
    while (result.next()) {
      rows.add(read.apply(row));
    }
    return List.copyOf(rows);
  }

  private <T> T execute(String sql, @Nullable Object[] args, Work<T> work) {
    attempted = "`" + firstLine(sql) + "`";
    try (var statement = connection.prepareStatement(sql)) {
      Arguments.bind(statement, args);
      return work.on(statement);
    } catch (SQLException e) {
      throw Lost.orRefused(attempted, e);
    } catch (Row.ReadFailed e) {
      throw Lost.orRefused(attempted, e.why());
    }
  }

  private static String firstLine(String sql) {
    var line = sql.strip().lines().findFirst().orElse("");
    return line.length() > 80 ? line.substring(0, 80) + "…" : line;
  }

  private interface Work<T> {
    T on(PreparedStatement statement) throws SQLException;
  }
}
