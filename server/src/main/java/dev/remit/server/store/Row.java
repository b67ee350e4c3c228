package dev.remit.server.store;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The current row of a result. Valid only inside the function that it was handed to.
///
/// A column that is null where it must not be is a bug and throws [IllegalStateException]; the
/// `maybe` methods are for columns that may be.
public final class Row {
  private final ResultSet result;

  Row(ResultSet result) {
    this.result = result;
  }

  public String text(String column) {
    return present(column, maybeText(column));
  }

  public Optional<String> maybeText(String column) {
    return read(column, result::getString);
  }

  public long number(String column) {
    return present(column, maybeNumber(column));
  }

  public Optional<Long> maybeNumber(String column) {
    return read(column, name -> nullable(result.getLong(name)));
  }

  public boolean flag(String column) {
    return present(column, read(column, name -> nullable(result.getBoolean(name))));
  }

  public Instant instant(String column) {
    return present(column, maybeInstant(column));
  }

  public Optional<Instant> maybeInstant(String column) {
    return read(column, result::getTimestamp).map(Timestamp::toInstant);
  }

  public byte[] bytes(String column) {
    return present(column, maybeBytes(column));
  }

  public Optional<byte[]> maybeBytes(String column) {
    return read(column, result::getBytes);
  }

  /// A `text[]` column.
  public List<String> texts(String column) {
    return present(column, read(column, name -> texts(result.getArray(name))));
  }

  private static @Nullable List<String> texts(@Nullable Array array) throws SQLException {
    return array == null ? null : List.of((String[]) array.getArray());
  }

  private <T> @Nullable T nullable(T value) throws SQLException {
    return result.wasNull() ? null : value;
  }

  private static <T> T present(String column, Optional<T> value) {
    return value.orElseThrow(
        () -> new IllegalStateException("column `" + column + "` is null and must not be"));
  }

  private static <T> Optional<T> read(String column, Column<T> get) {
    try {
      return Optional.ofNullable(get.of(column));
    } catch (SQLException e) {
      throw new ReadFailed(e);
    }
  }

  private interface Column<T> {
    @Nullable T of(String name) throws SQLException;
  }

  /// Carries an SQLException out of a row function to the [Tx] that knows the statement.
  static final class ReadFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final SQLException why;

    ReadFailed(SQLException why) {
      super(why);
      this.why = why;
    }

    SQLException why() {
      return why;
    }
  }
}
