package dev.remit.server.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/// How connections are made, pooled or not.
final class Connecting {
  private Connecting() {}

  /// Driver properties that bound every wait: nobody hangs on a database that has gone silent.
  static Map<String, String> properties(DatabaseConfig config) {
    long waitS = Math.max(1, config.waitMax().toSeconds());
    long silenceS = config.statementMax().toSeconds() + 5;
    return Map.of(
        "ApplicationName",
        "remit",
        "connectTimeout",
        Long.toString(waitS),
        "loginTimeout",
        Long.toString(waitS),
        "socketTimeout",
        Long.toString(silenceS),
        "tcpKeepAlive",
        "true",
        "options",
        "-c statement_timeout=" + config.statementMax().toMillis());
  }

  /// A connection outside the pool, in auto-commit.
  static Connection alone(DatabaseConfig config) throws SQLException {
    var properties = new Properties();
    properties.putAll(properties(config));
    properties.setProperty("user", config.user());
    properties.setProperty("password", config.password());
    return DriverManager.getConnection(config.url(), properties);
  }
}
