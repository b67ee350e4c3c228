package dev.remit.conformance.bench;

import dev.remit.conformance.harness.PrivateDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// Rows of an entry's bytes, its leaf hash and a number, written as directly as PostgreSQL allows.
final class RawRows implements AutoCloseable {
  /// PostgreSQL has so many connections to give that a thousand callers would not get one each.
  static final int CONNECTIONS_MAX = 16;

  private static final int HASH_BYTES = 32;

  private final List<Connection> connections = new ArrayList<>();
  private final AtomicLong next = new AtomicLong();
  private final byte[] entry = new byte[LedgerBench.ENTRY_BYTES];
  private final byte[] hash = new byte[HASH_BYTES];

  private RawRows() {}

  static RawRows in(PrivateDatabase database) throws SQLException {
    var rows = new RawRows();
    for (int i = 0; i < CONNECTIONS_MAX; i++) {
      rows.connections.add(database.connect());
    }
    try (var statement = rows.connections.getFirst().createStatement()) {
      statement.execute(
          "CREATE TABLE raw_row (index bigint PRIMARY KEY, leaf bytea NOT NULL, bytes bytea NOT NULL)");
    }
    for (var connection : rows.connections) {
      connection.setAutoCommit(false);
    }
    return rows;
  }

  /// COPY of `callers` rows and a commit, over and over.
  Measured copy(int callers, int millis) {
    var connection = connections.getFirst();
    return Batches.run(
        callers,
        millis,
        () -> {
          try {
            var copy = new BinaryCopy(connection, "raw_row (index, leaf, bytes)");
            for (int i = 0; i < callers; i++) {
              copy.row(next.incrementAndGet(), hash, entry);
            }
            copy.end();
            connection.commit();
          } catch (SQLException e) {
            throw new IllegalStateException("copy rows", e);
          }
        });
  }

  /// One INSERT and commit for each caller, as many at a time as there are connections.
  Measured single(int callers, int millis) {
    var waits = new ConcurrentLinkedQueue<Long>();
    double cpuBefore = ProcessCpu.alone(ProcessHandle.current()).micros();
    long start = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var lanes = new ArrayList<Future<?>>();
      for (var connection : connections.subList(0, Math.min(callers, CONNECTIONS_MAX))) {
        lanes.add(
            threads.submit(() -> {
              while (System.nanoTime() - start < millis * 1_000_000L) {
                long began = System.nanoTime();
                insert(connection);
                waits.add(System.nanoTime() - began);
              }
              return true;
            }));
      }
      for (var lane : lanes) {
        lane.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing rows", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("write single rows", e.getCause());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = ProcessCpu.alone(ProcessHandle.current()).micros() - cpuBefore;
    return Measured.of(waits.stream().mapToLong(Long::longValue).toArray(), seconds, cpu);
  }

  private void insert(Connection connection) throws SQLException {
    try (var insert = connection.prepareStatement("INSERT INTO raw_row VALUES (?, ?, ?)")) {
      insert.setLong(1, next.incrementAndGet());
      insert.setBytes(2, hash);
      insert.setBytes(3, entry);
      insert.executeUpdate();
    }
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    for (var connection : connections) {
      connection.close();
    }
  }
}
