package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A real OpenID Connect issuer on this machine, which can be told to misbehave.
final class TestIssuer implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger fetches = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile ECKey key = fresh("key-1");
  private volatile Supplier<String> discovery = this::honestDiscovery;
  private volatile Supplier<String> keys = this::honestKeys;
  private volatile int status = 200;

  TestIssuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("start an issuer", e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/.well-known/openid-configuration", exchange -> answer(exchange, discovery.get()));
    server.createContext(
        "/keys",
        exchange -> {
          fetches.incrementAndGet();
          answer(exchange, keys.get());
        });
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  ECKey key() {
    return key;
  }

  /// How often its keys were asked for.
  int fetches() {
    return fetches.get();
  }

  void rotate(String kid) {
    key = fresh(kid);
  }

  void saysOfItself(String document) {
    discovery = () -> document;
  }

  void publishes(String document) {
    keys = () -> document;
  }

  void publishesAfter(CountDownLatch never) {
    keys =
        () -> {
          await(never);
          return honestKeys();
        };
  }

  void answersWith(int newStatus) {
    status = newStatus;
  }

  void recovers() {
    discovery = this::honestDiscovery;
    keys = this::honestKeys;
    status = 200;
  }

  String honestKeys() {
    return new JWKSet(key.toPublicJWK()).toString();
  }

  String honestDiscovery() {
    return "{\"issuer\":\"" + uri() + "\",\"jwks_uri\":\"" + uri() + "/keys\"}";
  }

  static ECKey fresh(String kid) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  private void await(CountDownLatch never) {
    try {
      // Whichever comes first: the test lets go, or the issuer is closed.
      while (!never.await(20, TimeUnit.MILLISECONDS) && !closing.await(20, TimeUnit.MILLISECONDS)) {
        Thread.onSpinWait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, String document) throws IOException {
    try (exchange) {
      var bytes = document.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Location", uri() + "/keys");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
