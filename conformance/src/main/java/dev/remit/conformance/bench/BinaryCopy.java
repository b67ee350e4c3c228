package dev.remit.conformance.bench;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Rows on their way into a table by PostgreSQL's COPY in its binary format.
///
/// Source: PostgreSQL documentation, COPY, «Binary Format».
final class BinaryCopy {
  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int FLUSH_BYTES = 1024 * 1024;

  private final CopyIn copy;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(FLUSH_BYTES + 64 * 1024);
  private final DataOutputStream out = new DataOutputStream(buffer);

  /// @param table its name and columns, such as `raw_row (index, bytes)`
  BinaryCopy(Connection connection, String table) throws SQLException {
    copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + table + " FROM STDIN (FORMAT binary)");
    try {
      out.write(SIGNATURE);
      out.writeInt(0); // flags
      out.writeInt(0); // length of the header's extension
    } catch (IOException e) {
      throw new UncheckedIOException("write to memory", e);
    }
  }

  /// Adds a row of numbers ([Integer], [Long], [Short]), texts, bytes and nulls.
  void row(@Nullable Object... columns) throws SQLException {
    try {
      out.writeShort(columns.length);
      for (var column : columns) {
        write(column);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("write to memory", e);
    }
    if (buffer.size() >= FLUSH_BYTES) {
      flush();
    }
  }

  /// Sends what is left; the rows are there once the connection's transaction commits.
  void end() throws SQLException {
    try {
      out.writeShort(-1);
    } catch (IOException e) {
      throw new UncheckedIOException("write to memory", e);
    }
    flush();
    copy.endCopy();
  }

  private void flush() throws SQLException {
    copy.writeToCopy(buffer.toByteArray(), 0, buffer.size());
    buffer.reset();
  }

  private void write(@Nullable Object column) throws IOException {
    switch (column) {
      case null -> out.writeInt(-1);
      case Short number -> {
        out.writeInt(Short.BYTES);
        out.writeShort(number);
      }
      case Integer number -> {
        out.writeInt(Integer.BYTES);
        out.writeInt(number);
      }
      case Long number -> {
        out.writeInt(Long.BYTES);
        out.writeLong(number);
      }
      case byte[] bytes -> {
        out.writeInt(bytes.length);
        out.write(bytes);
      }
      case String text -> write(text.getBytes(StandardCharsets.UTF_8));
      default -> throw new IllegalArgumentException("no column holds " + column.getClass());
    }
  }
}
