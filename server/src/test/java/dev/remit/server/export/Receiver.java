package dev.remit.server.export;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// A destination over real HTTP that keeps what it has taken, and can be told to fail in every way
/// that one can.
public final class Receiver implements AutoCloseable {

  /// One request, and what was answered.
  @SuppressWarnings("ArrayRecordComponent") // compared never
  public record Got(String method, String path, Headers headers, byte[] body, int status) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public Map<String, List<String>> all() {
      return headers;
    }
  }

  /// How to answer a request.
  public sealed interface Behaviour {

    @SuppressWarnings("ArrayRecordComponent") // compared never
    record Answer(int status, Map<String, String> headers, byte[] body) implements Behaviour {
      public Answer(int status, String... headers) {
        this(status, headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]), new byte[0]);
      }
    }

    /// Never, until the test ends.
    record Hang() implements Behaviour {}

    /// The connection is closed without a word.
    record Cut() implements Behaviour {}
  }

  private final HttpServer server;
  private final CountDownLatch ending = new CountDownLatch(1);
  private final List<Got> got = new CopyOnWriteArrayList<>();
  private volatile Function<String, Behaviour> behaviour = _ -> new Behaviour.Answer(204);

  public Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::handle);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException("start a receiver", e);
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/in?key=of-the-url");
  }

  /// Answers as `next` says, which is told the body.
  public void behaves(Function<String, Behaviour> next) {
    behaviour = next;
  }

  public void answers(int status, String... headers) {
    behaviour = _ -> new Behaviour.Answer(status, headers);
  }

  /// Every request so far, also those that were refused.
  public List<Got> got() {
    return List.copyOf(got);
  }

  /// What it has taken.
  public List<Got> taken() {
    return got.stream().filter(one -> one.status() / 100 == 2).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    switch (behaviour.apply(new String(body, StandardCharsets.UTF_8))) {
      case Behaviour.Answer(var status, var headers, var answer) -> {
        headers.forEach(exchange.getResponseHeaders()::add);
        keep(exchange, body, status);
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        if (answer.length > 0) {
          exchange.getResponseBody().write(answer);
        }
        exchange.close();
      }
      case Behaviour.Hang() -> {
        keep(exchange, body, 0);
        try {
          ending.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        exchange.close();
      }
      case Behaviour.Cut() -> {
        keep(exchange, body, 0);
        // Closed before an answer, the connection is reset.
        exchange.close();
      }
    }
  }

  private void keep(HttpExchange exchange, byte[] body, int status) {
    got.add(
        new Got(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            body,
            status));
  }

  @Override
  public void close() {
    ending.countDown();
    server.stop(0);
  }
}
