package dev.remit.conformance.attacks;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// An OpenID Connect issuer of workloads' tokens, and a trap: it counts who fetches what it was
/// never declared to publish.
final class Platform implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger trapped = new AtomicInteger();
  private final ECKey key = Forgery.strangersKey("platform-1");

  private Platform(HttpServer server) {
    this.server = server;
  }

  static Platform start() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var platform = new Platform(server);
      platform.serve("/.well-known/openid-configuration", platform.discovery());
      platform.serve("/keys", new JWKSet(platform.key.toPublicJWK()).toString());
      server.createContext(
          "/trap",
          exchange -> {
            platform.trapped.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
          });
      server.start();
      return platform;
    } catch (IOException e) {
      throw new UncheckedIOException("start a platform's issuer", e);
    }
  }

  private String discovery() {
    return "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/keys\"}".formatted(uri());
  }

  private void serve(String path, String document) {
    server.createContext(
        path,
        exchange -> {
          var bytes = document.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// An address that nobody was told to ask.
  URI trap() {
    return uri().resolve("/trap/keys");
  }

  int trapped() {
    return trapped.get();
  }

  ECKey key() {
    return key;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
