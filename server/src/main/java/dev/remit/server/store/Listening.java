package dev.remit.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A channel being listened to on its own connection, until closed.
public final class Listening implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
  private static final int QUIET_MS = 500;
  private static final Duration BACK_OFF_MIN = Duration.ofMillis(50);
  private static final Duration BACK_OFF_MAX = Duration.ofSeconds(2);

  private final DatabaseConfig config;
  private final String channel;
  private final Consumer<String> onNotice;
  private final Runnable onReconnect;
  private final AtomicReference<Connection> connection;
  private volatile long aliveAtNanos = System.nanoTime();
  private volatile boolean closed;

  private Listening(
      DatabaseConfig config,
      String channel,
      Consumer<String> onNotice,
      Runnable onReconnect,
      Connection connection) {
    this.config = config;
    this.channel = channel;
    this.onNotice = onNotice;
    this.onReconnect = onReconnect;
    this.connection = new AtomicReference<>(connection);
  }

  static Listening start(
      DatabaseConfig config, String channel, Consumer<String> onNotice, Runnable onReconnect) {
    try {
      var connection = connect(config, channel);
      var listening = new Listening(config, channel, onNotice, onReconnect, connection);
      Thread.ofVirtual().name("listen-" + channel).start(listening::listen);
      return listening;
    } catch (SQLException e) {
      throw new NotCommitted("listen to `" + channel + "`", e);
    }
  }

  /// How long ago the server last proved that notices would arrive. Stays under about a second
  /// while the connection is well; a reader that must not act on stale news compares this with its
  /// limit.
  public Duration silence() {
    return Duration.ofNanos(System.nanoTime() - aliveAtNanos);
  }

  /// Stops listening. A notice that is being handled is finished on its own thread.
  @Override
  public void close() {
    closed = true;
    closeQuietly(connection.get());
  }

  private void listen() {
    var backOff = BACK_OFF_MIN;
    while (!closed) {
      try {
        hear(connection.get());
        backOff = BACK_OFF_MIN;
      } catch (SQLException e) {
        backOff = reconnect(e, backOff);
      }
    }
  }

  /// One wait for notices. After a quiet one the server is asked for a sign of life, since a
  /// connection cut without a farewell looks exactly like silence.
  private void hear(Connection current) throws SQLException {
    var notices = current.unwrap(PGConnection.class).getNotifications(QUIET_MS);
    if (notices == null || notices.length == 0) {
      try (var statement = current.createStatement()) {
        statement.execute("SELECT 1");
      }
    } else {
      for (PGNotification notice : notices) {
        hand(() -> onNotice.accept(notice.getParameter()));
      }
    }
    aliveAtNanos = System.nanoTime();
  }

  private Duration reconnect(SQLException why, Duration backOff) {
    closeQuietly(connection.get());
    if (closed) {
      return backOff;
    }
    if (backOff.equals(BACK_OFF_MIN)) {
      LOG.warn("lost the notices of `{}`, reconnecting: {}", channel, why.getMessage());
    }
    try {
      Thread.sleep(backOff);
      connection.set(connect(config, channel));
      aliveAtNanos = System.nanoTime();
    } catch (SQLException again) {
      return longer(backOff);
    } catch (InterruptedException e) {
      closed = true;
      return backOff;
    }
    if (closed) {
      closeQuietly(connection.get());
      return backOff;
    }
    LOG.info("hearing the notices of `{}` again", channel);
    hand(onReconnect);
    return BACK_OFF_MIN;
  }

  /// A listener that throws is a bug of that listener; the others' news must still arrive.
  private void hand(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      LOG.error("a listener of `{}` failed", channel, e);
    }
  }

  private static Duration longer(Duration backOff) {
    var doubled = backOff.multipliedBy(2);
    return doubled.compareTo(BACK_OFF_MAX) > 0 ? BACK_OFF_MAX : doubled;
  }

  private static Connection connect(DatabaseConfig config, String channel) throws SQLException {
    var connection = Connecting.alone(config);
    try (var statement = connection.createStatement()) {
      statement.execute("LISTEN " + statement.enquoteIdentifier(channel, true));
      return connection;
    } catch (SQLException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("closing a broken connection", e);
    }
  }
}
