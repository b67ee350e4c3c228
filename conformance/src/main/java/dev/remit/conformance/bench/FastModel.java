package dev.remit.conformance.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A provider of models that does as little as one can: chat completions whose answer never
/// changes, as a whole or as a stream of as many events of text as `max_tokens` says.
///
/// Keeps the decisions that questions named, so that a test can hold them against a ledger.
public final class FastModel implements AutoCloseable {
  static final String NAME = "fast-1";

  /// A member of the request that has the stream come at the pace of a model.
  public static final String SLOWLY = "\"user\":\"slowly\"";

  private static final int DECISIONS_MAX = 10_000;

  /// Between two events of a slow stream.
  static final int PAUSE_MILLIS = 200;

  private static final String SAYS =
      "The invoice of 12 March is due on 11 April and has not been paid; the second reminder went"
          + " out on 20 April. The amount agrees with the order and with what was delivered.";

  private static final byte[] WHOLE =
      response(
          """
          {"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"fast-1",\
          "system_fingerprint":"fp_1","service_tier":"default","choices":[{"index":0,"message":\
          {"role":"assistant","content":"%s","refusal":null},"logprobs":null,"finish_reason":"stop"}],\
          "usage":{"prompt_tokens":140,"completion_tokens":42,"total_tokens":182,\
          "prompt_tokens_details":{"cached_tokens":0}}}\
          """
              .formatted(SAYS));

  private static final byte[] HEAD =
      ascii(
          """
          HTTP/1.1 200 OK\r
          Content-Type: text/event-stream\r
          Cache-Control: no-cache\r
          Transfer-Encoding: chunked\r
          \r
          """);

  private static final byte[] WORD = chunk(told("{\"content\":\" invoice\"}", "null"));
  private static final byte[] STOP = chunk(told("{}", "\"stop\""));
  private static final byte[] USAGE =
      chunk(
          """
          data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,\
          "model":"fast-1","choices":[],"usage":{"prompt_tokens":140,"completion_tokens":42,\
          "total_tokens":182}}

          """);
  private static final byte[] DONE = chunk("data: [DONE]\n\n");
  private static final byte[] END = ascii("0\r\n\r\n");

  private final ServerSocket socket;
  private final Set<String> decisions = ConcurrentHashMap.newKeySet();

  private FastModel(ServerSocket socket) {
    this.socket = socket;
  }

  /// Starts on a free port of the loopback interface.
  public static FastModel start() {
    try {
      var model = new FastModel(new ServerSocket(0, 4096, InetAddress.getLoopbackAddress()));
      Thread.ofPlatform().daemon().name("fast-model").start(model::accept);
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException("start the model of the benchmark", e);
    }
  }

  /// Prints the port that it listens on.
  public static void main(String[] args) throws InterruptedException {
    try (var model = start()) {
      System.out.println(model.port());
      Thread.currentThread().join();
    }
  }

  public int port() {
    return socket.getLocalPort();
  }

  /// The decisions by which questions came.
  public Set<String> decisions() {
    return Set.copyOf(decisions);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("stop the model of the benchmark", e);
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var connection = socket.accept();
        connection.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream(), 16 * 1024);
      var out = connection.getOutputStream();
      for (var next = RawRequest.read(in); next.isPresent(); next = RawRequest.read(in)) {
        var body = next.get().body();
        note(next.get().decision());
        if (body.contains("\"stream\":true")) {
          stream(out, words(body), body.contains(SLOWLY) ? PAUSE_MILLIS : 0);
        } else {
          out.write(WHOLE);
        }
      }
    } catch (IOException e) {
      // The other side left; that is how a connection ends.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A load asks more often than anybody would look.
  private void note(String decision) {
    if (!decision.isEmpty() && decisions.size() < DECISIONS_MAX) {
      decisions.add(decision);
    }
  }

  private static void stream(OutputStream out, int words, int pauseMillis)
      throws IOException, InterruptedException {
    out.write(HEAD);
    for (int i = 0; i < words; i++) {
      out.write(WORD);
      if (pauseMillis > 0) {
        Thread.sleep(pauseMillis);
      }
    }
    out.write(STOP);
    out.write(USAGE);
    out.write(DONE);
    out.write(END);
  }

  private static int words(String body) {
    int from = body.indexOf("\"max_tokens\":") + "\"max_tokens\":".length();
    int to = from;
    while (Character.isDigit(body.charAt(to))) {
      to++;
    }
    return Integer.parseInt(body.substring(from, to));
  }

  private static String told(String delta, String finish) {
    return """
    data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,"model":"fast-1",\
    "system_fingerprint":"fp_1","choices":[{"index":0,"delta":%s,"logprobs":null,"finish_reason":%s}]}

    """
        .formatted(delta, finish);
  }

  private static byte[] chunk(String event) {
    return ascii(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
  }

  private static byte[] response(String json) {
    return ascii(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
