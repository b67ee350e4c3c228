package dev.remit.cli.init;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What `init` asks of a server: who am I, and keep this.
final class FakeVault implements AutoCloseable {
  final Map<String, String> stored = new ConcurrentHashMap<>();
  private final HttpServer server;

  FakeVault() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/me", exchange -> answer(exchange, 200, "{\"name\":\"anna\"}"));
    server.createContext("/v1/registry/", exchange -> answer(exchange, 404, "{}"));
    server.createContext("/v1/secrets", this::secrets);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void secrets(HttpExchange exchange) throws IOException {
    if (!"Bearer operator".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, "{\"detail\":\"no token\"}");
      return;
    }
    var path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("PUT")) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      stored.put(path.substring("/v1/secrets/".length()), body);
    }
    answer(exchange, 200, "{\"secrets\":[]}");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
