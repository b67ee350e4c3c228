package dev.remit.conformance.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What an identity has under way when it is suspended: streams of answers that never end, and a
/// query in a database that never ends. Each notes when it was cut off, as the agent sees it.
final class UnderWay implements AutoCloseable {
  private static final long LONGEST_SECONDS = 30;

  private final List<RawConnection> connections = new ArrayList<>();
  private final List<CompletableFuture<Long>> streams = new ArrayList<>();
  private final Connection session;
  private final CompletableFuture<Long> query;

  /// Begins a stream at each of `targets` and a query on `session`, which is closed with this.
  UnderWay(List<InetSocketAddress> targets, String token, Connection session) throws IOException {
    this.session = session;
    this.query = CompletableFuture.supplyAsync(this::queryUntilCut, Thread::startVirtualThread);
    for (var target : targets) {
      var connection = new RawConnection(target);
      connections.add(connection);
      int status = connection.begin(Contender.endless("/mcp/fast", target, token));
      if (status != 200) {
        throw new IllegalStateException("a stream was answered with " + status);
      }
      streams.add(
          CompletableFuture.supplyAsync(
              () -> readUntilCut(connection), Thread::startVirtualThread));
    }
  }

  /// When each stream was cut, by [System#nanoTime]; waits for all.
  List<Long> streamsCut() throws InterruptedException {
    var all = new ArrayList<Long>();
    for (var stream : streams) {
      all.add(end(stream, "a stream"));
    }
    return all;
  }

  /// When the database ended the query's session, by [System#nanoTime]; waits for it.
  long sessionEnded() throws InterruptedException {
    return end(query, "a database session");
  }

  private static long end(CompletableFuture<Long> future, String what) throws InterruptedException {
    try {
      return future.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(what + " outlived its suspension by far", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(what + " ended otherwise", e.getCause());
    }
  }

  private static long readUntilCut(RawConnection connection) {
    try {
      connection.finish();
    } catch (IOException e) {
      // Cut in the middle: that is what is waited for.
    }
    return System.nanoTime();
  }

  private long queryUntilCut() {
    try (var statement = session.createStatement()) {
      statement.execute("SELECT pg_sleep(600)");
    } catch (SQLException e) {
      return System.nanoTime();
    }
    throw new IllegalStateException("ten minutes have passed");
  }

  @Override
  public void close() {
    for (var connection : connections) {
      try {
        connection.close();
      } catch (IOException e) {
        // It was cut already.
      }
    }
    try {
      session.close();
    } catch (SQLException e) {
      // So was this.
    }
  }
}
