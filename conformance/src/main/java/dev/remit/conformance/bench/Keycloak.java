package dev.remit.conformance.bench;

import dev.remit.conformance.harness.FreePort;
import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Keycloak in its production mode with one realm, its own file database, no stored events.
///
/// @param realm the realm's address, which is its issuer too
public record Keycloak(Process process, URI realm) implements AutoCloseable {
  private static final String VERSION = "26.4.5";

  /// How to have it.
  public static final String INSTALL =
      "mvn dependency:unpack -Dartifact=org.keycloak:keycloak-quarkus-dist:"
          + VERSION
          + ":zip -DoutputDirectory=$PWD/conformance/target/keycloak -N";

  /// Starts it for one client that signs its assertions and gets ES256 tokens, if it was unpacked
  /// where [#INSTALL] puts it.
  static Optional<Keycloak> start(Path folder, Workload client) throws IOException {
    return start(folder, "bench", realm(client));
  }

  /// Starts it with a realm of this name, if it was unpacked where [#INSTALL] puts it.
  ///
  /// @param json the realm, as Keycloak imports it
  public static Optional<Keycloak> start(Path folder, String name, String json) throws IOException {
    var unpacked = Home.directory().resolve("conformance/target/keycloak/keycloak-" + VERSION);
    if (!Files.isRegularFile(unpacked.resolve("bin/kc.sh"))) {
      return Optional.empty();
    }
    var home = folder.resolve("keycloak");
    copy(unpacked, home);
    Files.createDirectories(home.resolve("data/import"));
    Files.writeString(home.resolve("data/import/" + name + "-realm.json"), json);
    int port = FreePort.find();
    var command =
        List.of(
            "bash",
            home.resolve("bin/kc.sh").toString(),
            "start",
            "--db=dev-file",
            "--http-enabled=true",
            "--http-host=127.0.0.1",
            "--http-port=" + port,
            "--hostname-strict=false",
            "--import-realm",
            "--log-level=warn");
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keycloak.log").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    var process = builder.start();
    var realm = URI.create("http://127.0.0.1:" + port + "/realms/" + name);
    Peers.awaitReady(process, realm, folder.resolve("keycloak.log"));
    return Optional.of(new Keycloak(process, realm));
  }

  private static String realm(Workload client) {
    var json = JsonMapper.shared();
    var realm = json.createObjectNode();
    realm.put("realm", "bench").put("enabled", true).put("sslRequired", "none");
    var agent = realm.putArray("clients").addObject();
    agent
        .put("clientId", client.spiffeId())
        .put("enabled", true)
        .put("publicClient", false)
        .put("serviceAccountsEnabled", true)
        .put("standardFlowEnabled", false)
        .put("clientAuthenticatorType", "client-jwt");
    agent
        .putObject("attributes")
        .put("use.jwks.string", "true")
        .put("jwks.string", keys(client))
        .put("token.endpoint.auth.signing.alg", "ES256")
        .put("access.token.signed.response.alg", "ES256");
    var key = realm.putObject("components").putArray("org.keycloak.keys.KeyProvider").addObject();
    key.put("name", "es256").put("providerId", "ecdsa-generated");
    var config = key.putObject("config");
    config.putArray("ecdsaEllipticCurveKey").add("P-256");
    config.putArray("priority").add("100");
    return realm.toString();
  }

  /// It looks for keys by their use.
  private static String keys(Workload client) {
    var json = JsonMapper.shared();
    var key = (ObjectNode) json.readTree(client.jwk());
    key.put("use", "sig").put("alg", "ES256");
    var keys = json.createObjectNode();
    keys.putArray("keys").add(key);
    return keys.toString();
  }

  private static void copy(Path from, Path to) throws IOException {
    var copied = new ProcessBuilder("cp", "-r", from.toString(), to.toString()).inheritIO().start();
    try {
      if (!copied.waitFor(1, TimeUnit.MINUTES) || copied.exitValue() != 0) {
        throw new IOException("cannot copy " + from + " to " + to);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
