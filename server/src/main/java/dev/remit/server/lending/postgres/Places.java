package dev.remit.server.lending.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.credentials.Secrets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The way to each database: a few connections, kept for a minute and made anew when the
/// administrator's password was replaced.
public final class Places implements AutoCloseable {
  private static final Duration IDLE_MAX = Duration.ofMinutes(1);

  private final Secrets secrets;
  private final int connectionsMax;
  private final Duration waitMax;
  private final ConcurrentHashMap<Place, Open> open = new ConcurrentHashMap<>();

  private record Open(String password, HikariDataSource pool) {}

  /// Ways that are made when they are first needed.
  ///
  /// @param connectionsMax connections to one database
  /// @param waitMax longest wait for one, and longest that one statement may run
  public Places(Secrets secrets, int connectionsMax, Duration waitMax) {
    this.secrets = secrets;
    this.connectionsMax = connectionsMax;
    this.waitMax = waitMax;
  }

  /// What is done with a connection.
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /// Does `work` over a connection in autocommit mode.
  ///
  /// @param attempted what is being done, for the message: `make a role at …`
  <T> T at(Place place, String attempted, Work<T> work) {
    try (var connection = pool(place).getConnection()) {
      return work.with(connection);
    } catch (SQLException e) {
      throw new PlaceFailed(attempted + " at " + place, e);
    }
  }

  /// The same in another database of the same server, over a connection for this alone.
  <T> T inDatabase(Place place, String other, String attempted, Work<T> work) {
    var properties = properties(place);
    properties.setProperty("user", place.administrator());
    properties.setProperty("password", password(place));
    try (var connection = DriverManager.getConnection(place.url(other), properties);
        var statement = connection.createStatement()) {
      statement.execute(settings());
      return work.with(connection);
    } catch (SQLException e) {
      throw new PlaceFailed(attempted + " in database `" + other + "` at " + place, e);
    }
  }

  private HikariDataSource pool(Place place) {
    var password = password(place);
    var known = open.get(place);
    if (known != null && known.password().equals(password)) {
      return known.pool();
    }
    return current(place, password).pool();
  }

  private Open current(Place place, String password) {
    var now = open.compute(place, (_, before) -> remade(before, place, password));
    if (now == null) {
      throw new IllegalStateException("a way to " + place + " was not made");
    }
    return now;
  }

  private Open remade(@Nullable Open before, Place place, String password) {
    if (before != null && before.password().equals(password)) {
      return before;
    }
    if (before != null) {
      before.pool().close();
    }
    return new Open(password, new HikariDataSource(config(place, password)));
  }

  private String password(Place place) {
    return opened(place)
        .map(SecretValue::reveal)
        .orElseThrow(() ->
            new PlaceFailed(
                "there is no secret `"
                    + place.secret()
                    + "`, the administrator's password at "
                    + place
                    + "; store it with `remit secret put "
                    + place.secret()
                    + "`"));
  }

  private Optional<SecretValue> opened(Place place) {
    try {
      return secrets.open(new SecretName(place.secret()));
    } catch (SecretUnavailable e) {
      throw new PlaceFailed("the administrator's password at " + place + ": " + e.getMessage());
    }
  }

  private HikariConfig config(Place place, String password) {
    var config = new HikariConfig();
    config.setPoolName("lending " + place);
    config.setJdbcUrl(place.url(place.database()));
    config.setUsername(place.administrator());
    config.setPassword(password);
    config.setMaximumPoolSize(connectionsMax);
    config.setMinimumIdle(0);
    config.setIdleTimeout(IDLE_MAX.toMillis());
    config.setConnectionTimeout(waitMax.toMillis());
    config.setValidationTimeout(Math.min(1_000, waitMax.toMillis()));
    config.setInitializationFailTimeout(-1);
    config.setConnectionInitSql(settings());
    properties(place).forEach((name, value) -> config.addDataSourceProperty((String) name, value));
    return config;
  }

  /// An agent may have made operators and functions; none of them is looked up.
  private String settings() {
    return "SET search_path = pg_catalog; SET statement_timeout = "
        + waitMax.toMillis()
        + "; SET lock_timeout = "
        + waitMax.dividedBy(2).toMillis();
  }

  private Properties properties(Place place) {
    var seconds = Long.toString(Math.max(1, waitMax.toSeconds()));
    var properties = new Properties();
    properties.setProperty("ApplicationName", "remit");
    properties.setProperty("connectTimeout", seconds);
    properties.setProperty("loginTimeout", seconds);
    properties.setProperty("socketTimeout", Long.toString(2 * Math.max(1, waitMax.toSeconds())));
    properties.setProperty("logServerErrorDetail", "false");
    switch (place.tls()) {
      case DISABLE -> properties.setProperty("sslmode", "disable");
      case REQUIRE -> properties.setProperty("sslmode", "require");
      case VERIFY_FULL -> {
        properties.setProperty("sslmode", "verify-full");
        properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
      }
    }
    return properties;
  }

  @Override
  public void close() {
    open.values().forEach(way -> way.pool().close());
    open.clear();
  }
}
