package dev.remit.conformance.models;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A provider of models that speaks as the real ones do on the wire, whole and streamed, and says
/// what it is told to ([Turn]). It answers nobody without its key, and remembers what it was asked.
///
/// Sources: the providers' API references and what openai-node 6 and anthropic-sdk-typescript
/// parse, November 2026.
final class ScriptedProvider implements AutoCloseable {
  static final String KEY = "sk-the-real-key-of-the-provider";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final float[] VECTOR = {0.25f, -0.5f, 1};

  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final Map<String, Wire> wires =
      Map.of(
          "/v1/chat/completions", new ChatWire(),
          "/v1/responses", new ResponsesWire(),
          "/v1/messages", new MessagesWire());

  ScriptedProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    } catch (IOException e) {
      throw new UncheckedIOException("listen on a free port", e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// What reached it, in order.
  List<JsonNode> asked() {
    return List.copyOf(asked);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (!KEY.equals(exchange.getRequestHeaders().getFirst("X-Provider-Key"))) {
        json(exchange, 401, "{\"error\":{\"message\":\"Incorrect API key provided\"}}");
        return;
      }
      var question = JSON.readTree(body);
      asked.add(question);
      answer(exchange, exchange.getRequestURI().getPath(), question);
    }
  }

  private void answer(HttpExchange exchange, String path, JsonNode question) throws IOException {
    var wire = wires.get(path);
    if (wire == null) {
      json(exchange, 200, path.endsWith("/embeddings") ? embedding(question) : COUNT);
    } else if (question.path("stream").asBoolean(false)) {
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream; charset=utf-8");
      exchange.sendResponseHeaders(200, 0);
      for (var event : wire.events(question, wire.turn(question))) {
        exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
      }
    } else {
      json(exchange, 200, wire.whole(question, wire.turn(question)));
    }
  }

  private static final String COUNT = "{\"input_tokens\":14}";

  /// Numbers, or their bytes where the client asks for these.
  private static String embedding(JsonNode question) {
    var vector = "[0.25,-0.5,1]";
    if (question.path("encoding_format").asString("").equals("base64")) {
      var bytes = ByteBuffer.allocate(4 * VECTOR.length).order(ByteOrder.LITTLE_ENDIAN);
      for (float number : VECTOR) {
        bytes.putFloat(number);
      }
      vector = "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\"";
    }
    return """
    {"object":"list","data":[{"object":"embedding","index":0,"embedding":%s}],"model":"clerk-1",
     "usage":{"prompt_tokens":5,"total_tokens":5}}
    """
        .formatted(vector);
  }

  private static void json(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
