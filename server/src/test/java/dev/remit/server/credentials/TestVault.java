package dev.remit.server.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Not Vault: what its public HTTP API documentation says of KV version 2 (`GET
/// /v1/:mount/data/:path`), of a database engine (`GET /v1/:mount/creds/:role`) and of leases (`PUT
/// /v1/sys/leases/renew` and `/revoke`), in as much as Remit uses it. No server of that kind was to
/// be had where this was written.
final class TestVault implements AutoCloseable {
  static final String TOKEN = "hvs.test-token-of-remit";
  private static final JsonMapper JSON = JsonMapper.shared();

  final Map<String, Map<String, String>> kv = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> revoked = new CopyOnWriteArrayList<>();
  volatile long leaseSeconds = 60;
  volatile long renewedSeconds = 60;
  volatile boolean isRenewable = true;

  /// 0 for answers as documented; else this status; negative hangs.
  volatile int fails;

  private final AtomicInteger made = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  TestVault() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("start a server on a free port", e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      asked.add(exchange.getRequestMethod() + " " + path);
      var body = JSON.readTree(exchange.getRequestBody().readAllBytes());
      if (fails < 0) {
        new CountDownLatch(1).await();
      } else if (fails > 0) {
        send(exchange, fails, "{\"errors\":[\"told to fail\"]}");
      } else if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
        send(exchange, 403, "{\"errors\":[\"permission denied\"]}");
      } else {
        answer(exchange, path, body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, String path, JsonNode body) throws IOException {
    switch (path) {
      case "/v1/sys/leases/renew" -> {
        var id = body.path("lease_id").asString("");
        send(exchange, 200, lease(id, renewedSeconds, null));
      }
      case "/v1/sys/leases/revoke" -> {
        revoked.add(body.path("lease_id").asString(""));
        send(exchange, 204, "");
      }
      case "/v1/database/creds/reader" -> {
        int number = made.incrementAndGet();
        var data = JSON.createObjectNode();
        data.put("username", "v-reader-" + number).put("password", "made-password-" + number);
        send(exchange, 200, lease("database/creds/reader/" + number, leaseSeconds, data));
      }
      default -> {
        var found = kv.get(path);
        if (found == null) {
          send(exchange, 404, "{\"errors\":[]}");
          return;
        }
        var json = JSON.createObjectNode();
        var data = json.putObject("data");
        var inner = data.putObject("data");
        found.forEach(inner::put);
        data.putObject("metadata").put("version", 1);
        send(exchange, 200, json.toString());
      }
    }
  }

  private String lease(String id, long seconds, @org.jspecify.annotations.Nullable JsonNode data) {
    var json = JSON.createObjectNode().put("lease_id", id).put("lease_duration", seconds);
    json.put("renewable", isRenewable);
    if (data != null) {
      json.set("data", data);
    }
    return json.toString();
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
