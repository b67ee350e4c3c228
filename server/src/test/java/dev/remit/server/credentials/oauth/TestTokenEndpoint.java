package dev.remit.server.credentials.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// A real token endpoint (`/token`) and revocation endpoint (`/revoke`) that answer what a test
/// says, and remember what they were asked.
public final class TestTokenEndpoint implements AutoCloseable {

  /// One request.
  public record Asked(String path, String authorization, Map<String, String> form) {}

  /// One answer.
  public record Says(int status, String body) {}

  /// Answers one request; may block.
  public interface Answering {
    Says answer(Asked asked) throws InterruptedException;
  }

  public final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger count = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile Answering answering =
      _ -> token("token-number-" + count.incrementAndGet(), 3_600);

  public TestTokenEndpoint() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("start a server on a free port", e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public static Says token(String token, long seconds) {
    return new Says(
        200,
        "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d}"
            .formatted(token, seconds));
  }

  static Says rotated(String token, String refreshToken) {
    return new Says(
        200,
        "{\"access_token\":\"%s\",\"token_type\":\"bearer\",\"expires_in\":3600,\"refresh_token\":\"%s\"}"
            .formatted(token, refreshToken));
  }

  /// Never answers, until the test is over.
  public static Answering hangs() {
    return _ -> {
      new CountDownLatch(1).await();
      return new Says(500, "");
    };
  }

  public void answers(Answering answering) {
    this.answering = answering;
  }

  public URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      var headers = exchange.getRequestHeaders();
      var one =
          new Asked(
              exchange.getRequestURI().getPath(),
              String.valueOf(headers.getFirst("Authorization")),
              form(body));
      asked.add(one);
      var says = one.path().equals("/revoke") ? new Says(200, "") : answering.answer(one);
      byte[] bytes = says.body().getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(says.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> form(String body) {
    return Arrays.stream(body.split("&", -1))
        .filter(pair -> pair.contains("="))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
