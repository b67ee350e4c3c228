package dev.remit.conformance.bench;

import dev.remit.conformance.harness.FreePort;
import dev.remit.conformance.harness.Home;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// A Cerbos server with rules equivalent to those of `examples/authzen/records.yaml`: no audit log,
/// no telemetry, no authentication, which it has none of.
record Cerbos(Process process, int port) implements AutoCloseable {
  static final String INSTALL =
      "npm install --prefix conformance/target/cerbos --ignore-scripts cerbos@0.51.0";

  private static final String RULES =
      """
      apiVersion: api.cerbos.dev/v1
      resourcePolicy:
        version: default
        resource: record
        rules:
          - actions: [read]
            effect: EFFECT_ALLOW
            roles: [user]
            condition: {match: {expr: 'P.id in ["alice", "bob"]'}}
          - actions: [write]
            effect: EFFECT_ALLOW
            roles: [user]
            condition: {match: {expr: 'P.id == "alice"'}}
          - actions: [write]
            effect: EFFECT_ALLOW
            roles: [user]
            condition:
              match:
                expr: >-
                  (has(R.attr.status) ? R.attr.status == "archived" : R.id == "record-2")
                  && (P.id == "bob" || (has(P.attr.role) && P.attr.role == "admin"))
          - actions: [write]
            effect: EFFECT_DENY
            roles: [user]
            condition:
              match:
                expr: >-
                  (has(R.attr.status) ? R.attr.status == "archived" : R.id == "record-2")
                  && !(P.id == "bob" || (has(P.attr.role) && P.attr.role == "admin"))
      """;

  /// Starts it, if the npm package was installed where [#INSTALL] puts it.
  static Optional<Cerbos> start(Path folder) throws IOException {
    var machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
    var system =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
            ? "darwin"
            : "linux";
    var name = "cerbos-" + system + "-" + machine;
    var program =
        Home.directory()
            .resolve("conformance/target/cerbos/node_modules/@cerbos")
            .resolve(name)
            .resolve(name);
    if (!Files.isExecutable(program)) {
      return Optional.empty();
    }
    int port = FreePort.find();
    var home = Files.createDirectories(folder.resolve("cerbos"));
    var policies = Files.createDirectories(home.resolve("policies"));
    Files.writeString(policies.resolve("record.yaml"), RULES);
    var configuration = home.resolve("cerbos.yaml");
    Files.writeString(
        configuration,
        """
        server: {httpListenAddr: "127.0.0.1:%d", grpcListenAddr: "127.0.0.1:%d"}
        storage: {driver: disk, disk: {directory: "%s", watchForChanges: false}}
        telemetry: {disabled: true}
        audit: {enabled: false}
        """
            .formatted(port, FreePort.find(), policies));
    var process =
        new ProcessBuilder(
                program.toString(),
                "server",
                "--config",
                configuration.toString(),
                "--log-level=error")
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile())
            .start();
    awaitReady(port);
    return Optional.of(new Cerbos(process, port));
  }

  private static void awaitReady(int port) throws IOException {
    var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/_cerbos/health"));
    try (var client = HttpClient.newHttpClient()) {
      for (int attempt = 0; attempt < 200; attempt++) {
        try {
          if (client.send(ready.build(), BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException notYet) {
          // Asked again below.
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("cerbos did not become ready on port " + port);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
