package dev.remit.conformance.signin;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A site on this machine, over TLS, at which a client says who it is.
final class ClientSite implements AutoCloseable {
  private static final String PASSWORD = "changeit";

  private final HttpsServer server;
  private final Path store;

  /// @param folder where its key is kept
  /// @param redirect where the client is answered
  ClientSite(Path folder, String redirect) throws IOException, InterruptedException {
    this.store = folder.resolve("site.p12");
    makeKey();
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context()));
    server.createContext(
        "/client.json",
        exchange -> {
          try (exchange) {
            var document =
                """
                {"client_id": "%s", "client_name": "Remit conformance",
                 "redirect_uris": ["%s"], "token_endpoint_auth_method": "none"}
                """
                    .formatted(id(), redirect)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, document.length);
            exchange.getResponseBody().write(document);
          }
        });
    server.start();
  }

  URI id() {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/client.json");
  }

  /// Returns the options of a Java that trusts this site.
  List<String> trusting() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + store,
        "-Djavax.net.ssl.trustStoreType=PKCS12",
        "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }

  private SSLContext context() throws IOException {
    try (var in = Files.newInputStream(store)) {
      var keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      var managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(keys, PASSWORD.toCharArray());
      var context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("use the key of the site", e);
    }
  }

  /// The certificate is also put there as one that is trusted: a key alone is no anchor.
  private void makeKey() throws IOException, InterruptedException {
    var certificate = store.resolveSibling("site.pem").toString();
    keytool(
        "-genkeypair",
        "-alias",
        "site",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=site",
        "-ext",
        "san=ip:127.0.0.1",
        "-validity",
        "2");
    keytool("-exportcert", "-rfc", "-alias", "site", "-file", certificate);
    keytool("-importcert", "-noprompt", "-alias", "trusted", "-file", certificate);
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
