package dev.remit.server.store;

import java.time.Duration;

/// Where the database is and how many connections may be open to it.
///
/// @param url JDBC URL, such as `jdbc:postgresql://db.example/remit`
/// @param user role that owns the schema
/// @param password empty where the server asks for none
/// @param poolMax most connections held at once, at least 1; each [Database#listen] adds one more
/// @param waitMax longest wait for a free or a new connection before the database counts as gone
/// @param statementMax longest that one statement may run before the server cancels it
public record DatabaseConfig(
    String url,
    String user,
    String password,
    int poolMax,
    Duration waitMax,
    Duration statementMax) {

  public DatabaseConfig {
    if (poolMax < 1) {
      throw new IllegalArgumentException("poolMax must be at least 1, was " + poolMax);
    }
    if (waitMax.toMillis() < 250) {
      throw new IllegalArgumentException("waitMax must be at least 250 ms, was " + waitMax);
    }
    if (statementMax.toMillis() < 1000) {
      throw new IllegalArgumentException("statementMax must be at least 1 s, was " + statementMax);
    }
  }

  public DatabaseConfig(String url, String user, String password, int poolMax) {
    this(url, user, password, poolMax, Duration.ofSeconds(5), Duration.ofSeconds(30));
  }

  /// The same without the password, so that a log line cannot give it away.
  @Override
  public String toString() {
    return "DatabaseConfig[url=" + url + ", user=" + user + ", poolMax=" + poolMax + "]";
  }
}
