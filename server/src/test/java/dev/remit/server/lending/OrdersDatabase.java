package dev.remit.server.lending;

import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.store.embedded.EmbeddedPostgres;
import dev.remit.server.store.embedded.OtherPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Somebody's database of orders, on a PostgreSQL of its own: one server for the test run, a new
/// database for each test. Its administrator for Remit, `remit_admin`, is no superuser.
final class OrdersDatabase {
  static final String ADMIN = "remit_admin";
  static final String ADMIN_PASSWORD = "administrator's own";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Path DIRECTORY = TestDatabase.enterable("orders-");
  private static @Nullable EmbeddedPostgres running;

  final int port;
  final String name;

  /// One that another process has made.
  OrdersDatabase(int port, String name) {
    this.port = port;
    this.name = name;
  }

  OrdersDatabase() {
    server();
    this.port = port();
    this.name = "orders_" + COUNT.incrementAndGet();
    asSuperuser("postgres", "CREATE DATABASE " + name);
    asSuperuser(
        name,
        "CREATE SCHEMA app",
        "CREATE TABLE app.orders (id int PRIMARY KEY, what text)",
        "INSERT INTO app.orders VALUES (1, 'tea'), (2, 'biscuits')",
        "CREATE TABLE app.secrets (what text)",
        "GRANT USAGE ON SCHEMA app TO orders_reader, orders_writer",
        "GRANT SELECT ON app.orders TO orders_reader, orders_writer",
        "GRANT INSERT, UPDATE ON app.orders TO orders_writer",
        "GRANT CREATE ON SCHEMA app TO orders_writer");
  }

  private static int port() {
    var url = server().url("postgres");
    return Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
  }

  static synchronized void stop() {
    server().close();
  }

  static synchronized void start() {
    running = EmbeddedPostgres.start(DIRECTORY, TestDatabase.programs());
  }

  private static synchronized EmbeddedPostgres server() {
    var known = running;
    if (known != null) {
      return known;
    }
    var fresh = OtherPostgres.make(DIRECTORY, TestDatabase.programs());
    running = fresh;
    TestDatabase.atEnd(OrdersDatabase::stop);
    asSuperuser(
        "postgres",
        "CREATE ROLE remit_admin LOGIN CREATEROLE PASSWORD '"
            + ADMIN_PASSWORD.replace("'", "''")
            + "'",
        "CREATE ROLE orders_reader",
        "CREATE ROLE orders_writer",
        "CREATE ROLE orders_unreachable",
        "CREATE ROLE orders_chief CREATEROLE",
        "GRANT orders_reader, orders_writer TO remit_admin WITH ADMIN OPTION");
    return fresh;
  }

  static void asSuperuser(String database, String... statements) {
    DatabaseConfig config = server().config(1);
    try (var connection =
            DriverManager.getConnection(server().url(database), config.user(), config.password());
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", statements), e);
    }
  }

  void run(String... statements) {
    asSuperuser(name, statements);
  }

  /// The first column of a query's rows, as a superuser sees them.
  List<String> texts(String sql) {
    return texts(name, sql);
  }

  private static List<String> texts(String database, String sql) {
    DatabaseConfig config = server().config(1);
    try (var connection =
            DriverManager.getConnection(server().url(database), config.user(), config.password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(String.valueOf(rows.getString(1)));
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  Connection login(String user, String password) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    return DriverManager.getConnection(server().url(name), properties);
  }

  /// Roles of a deployment's credentials that exist.
  static List<String> roles(String deployment) {
    return texts(
        "postgres",
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'remit_t_" + deployment + "_%'");
  }

  /// Sessions of roles that are for credentials, or whose role is gone.
  static List<String> sessions(String deployment) {
    return texts(
        "postgres",
        "SELECT a.pid::text FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid"
            + " WHERE a.usesysid IS NOT NULL AND (r.oid IS NULL OR r.rolname LIKE 'remit_t_"
            + deployment
            + "_%')");
  }
}
