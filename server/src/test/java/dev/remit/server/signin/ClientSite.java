package dev.remit.server.signin;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A site on this machine, over TLS, at which clients say who they are.
final class ClientSite implements AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /// One key for all: making one takes longer than the tests.
  private static final KeyStore STORE = store();

  private final HttpsServer server;
  private final SSLContext trusting;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger fetches = new AtomicInteger();

  /// @param trickles whether it never comes to an end
  private record Answer(int status, String body, boolean trickles) {}

  ClientSite() {
    try {
      var store = STORE;
      var keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, PASSWORD);
      var serving = SSLContext.getInstance("TLS");
      serving.init(keys.getKeyManagers(), null, null);
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted(store));
      trusting = SSLContext.getInstance("TLS");
      trusting.init(null, trust.getTrustManagers(), null);
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(serving));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("start a site", e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          fetches.incrementAndGet();
          var answer =
              answers.getOrDefault(
                  exchange.getRequestURI().getPath(), new Answer(404, "{}", false));
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.getResponseHeaders().add("Location", uri("/real.json").toString());
          try (exchange) {
            var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), answer.trickles() ? 0 : bytes.length);
            exchange.getResponseBody().write(bytes);
            if (answer.trickles()) {
              exchange.getResponseBody().flush();
              await();
            }
          }
        });
    server.start();
  }

  private void await() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  URI uri(String path) {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  Tls tls() {
    return Tls.builder().sslContext(trusting).build();
  }

  int fetches() {
    return fetches.get();
  }

  /// Puts a client there, which calls itself `name` and may be answered at the redirects.
  URI client(String path, String name, String... redirects) {
    var list = String.join("\",\"", redirects);
    answers(
        path,
        200,
        """
        {"client_id": "%s", "client_name": "%s", "redirect_uris": ["%s"],
         "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
         "token_endpoint_auth_method": "none"}
        """
            .formatted(uri(path), name, list));
    return uri(path);
  }

  URI answers(String path, int status, String body) {
    answers.put(path, new Answer(status, body, false));
    return uri(path);
  }

  URI trickles(String path) {
    answers.put(path, new Answer(200, "{", true));
    return uri(path);
  }

  private static KeyStore trusted(KeyStore store) throws GeneralSecurityException, IOException {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("site", store.getCertificate("site"));
    return trusted;
  }

  private static KeyStore store() {
    try {
      var folder = Files.createTempDirectory("remit-site-");
      var file = folder.resolve("site.p12");
      try {
        keytool(file);
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
          store.load(in, PASSWORD);
        }
        return store;
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("make the key of a site", e);
    }
  }

  private static void keytool(Path file) throws IOException {
    var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var process =
        new ProcessBuilder(
                tool,
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
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
