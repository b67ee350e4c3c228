package dev.remit.server.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds Java values to the `?` of a statement; [Tx] lists the types it knows.
final class Arguments {
  private Arguments() {}

  static void bind(PreparedStatement statement, @Nullable Object[] args) throws SQLException {
    for (int i = 0; i < args.length; i++) {
      bind(statement, i + 1, args[i]);
    }
  }

  private static void bind(PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> statement.setNull(at, Types.NULL);
      case Instant instant -> statement.setObject(at, instant(instant));
      case Enum<?> choice -> statement.setString(at, choice.name());
      case byte[] bytes -> statement.setBytes(at, bytes);
      case List<?> texts -> statement.setArray(at, array(statement, "text", texts.toArray()));
      case String[] texts -> statement.setArray(at, array(statement, "text", texts));
      case long[] numbers -> statement.setObject(at, numbers);
      case byte[][] blobs -> statement.setArray(at, array(statement, "bytea", blobs));
      default -> statement.setObject(at, value);
    }
  }

  /// Cut to what a column holds and an entry says; the driver would round, and the two differ.
  private static OffsetDateTime instant(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  private static java.sql.Array array(PreparedStatement statement, String type, Object[] values)
      throws SQLException {
    return statement.getConnection().createArrayOf(type, values);
  }
}
