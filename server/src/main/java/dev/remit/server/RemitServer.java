package dev.remit.server;

import dev.remit.server.crypto.MasterKey;
import dev.remit.server.http.Edge;
import dev.remit.server.http.Lines;
import dev.remit.server.http.Operation;
import dev.remit.server.settings.HostPort;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.embedded.EmbeddedPostgres;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The running product. What is opened is closed in reverse: the door, the features, the database.
final class RemitServer implements AutoCloseable {
  private final Teardown opened = new Teardown();
  private final Config config;
  private final Readiness readiness;

  private RemitServer(Config asked, Map<String, String> secrets, InstantSource clock) {
    try {
      this.config = asked.listeningAt(freePort(asked.listen()));
      // Before anything is opened that a wrong file would leave behind.
      var tls = Limits.tls(config);
      makeDataDirectory(config.data());

      var database = opened.add(Database.open(databaseConfig(secrets)));
      var metrics = opened.add(new Metrics(database));
      var master = MasterKey.open(config.data(), secrets);
      var features = opened.add(new Features(config, secrets, database, master, clock));
      features.measure(metrics.registry());
      this.readiness = new Readiness(features.needs());

      var operations = new ArrayList<Operation>();
      operations.addAll(new HealthRoutes(readiness, metrics).operations());
      operations.addAll(features.operations());
      var edge = new Edge(clock, features.callers(), features.pages(), BrokenWorld::problem);
      listen(tls, edge, operations);
      opened.add(() -> features.drain(config.server().drainMax()));
      readiness.open();
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /// Starts everything and returns once calls are answered.
  ///
  /// @param secrets the environment; only names that begin with `REMIT_` are looked at
  static RemitServer start(Config config, Map<String, String> secrets, InstantSource clock) {
    return new RemitServer(config, secrets, clock);
  }

  /// The configuration with the address that was really taken.
  Config config() {
    return config;
  }

  /// Says that it is leaving, refuses new calls and lets running ones finish, closes the door,
  /// writes what is pending, seals the ledger, and stops the private database last.
  @Override
  public void close() {
    readiness.close();
    opened.close();
  }

  private DatabaseConfig databaseConfig(Map<String, String> secrets) {
    var section = config.database();
    if (section.isPrivate()) {
      var own = opened.add(EmbeddedPostgres.start(config.data().resolve("postgres")));
      var given = own.config(section.poolMax());
      return new DatabaseConfig(
          given.url(),
          given.user(),
          given.password(),
          section.poolMax(),
          section.waitMax(),
          section.statementMax());
    }
    return new DatabaseConfig(
        section.url(),
        section.user(),
        secrets.getOrDefault("REMIT_DATABASE_PASSWORD", ""),
        section.poolMax(),
        section.waitMax(),
        section.statementMax());
  }

  private void listen(Optional<Tls> tls, Edge edge, List<Operation> operations) {
    var builder = Lines.on(WebServer.builder());
    tls.ifPresent(builder::tls);
    var server =
        builder
            .host(config.listen().host())
            .port(config.listen().port())
            .shutdownHook(false)
            // Else the rest of an answer that does not fit into one write waits for the peer to
            // acknowledge the first part, which it puts off for 40 ms.
            .connectionOptions(options -> options.tcpNoDelay(true))
            .shutdownGracePeriod(config.server().drainMax())
            .routing(edge.routing(operations))
            .build();
    opened.add(server::stop);
    server.start();
  }

  /// The address must be known before the features are built, since issuer and audience contain it.
  private static HostPort freePort(HostPort asked) {
    if (asked.port() != 0) {
      return asked;
    }
    try (var probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.ofLiteral(literal(asked.host())), 0));
      return new HostPort(asked.host(), probe.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException("find a free port on " + asked.host(), e);
    }
  }

  private static String literal(String host) {
    return host.equals("localhost") ? "127.0.0.1" : host;
  }

  /// Private to the account that runs Remit, but enterable for that of the database.
  private static void makeDataDirectory(Path data) {
    try {
      if (!Files.isDirectory(data)) {
        Files.createDirectories(data);
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("make the data directory `" + data.toAbsolutePath() + "`", e);
    }
  }
}
