package dev.remit.server.models;

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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real provider of models over HTTP, which says what a test tells it to: chat completions,
/// responses, embeddings and messages, as a whole or as a stream. It remembers what reached it.
public final class ScriptedModel implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();

  /// One request as it arrived, with header names in lower case.
  public record Request(String path, Map<String, String> headers, String body) {
    public JsonNode json() {
      return JSON.readTree(body);
    }
  }

  /// Answers one request.
  public interface Script {
    void answer(HttpExchange exchange, JsonNode asked) throws IOException, InterruptedException;
  }

  public final List<Request> seen = new CopyOnWriteArrayList<>();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  public ScriptedModel() {
    says("Hello.");
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    } catch (IOException e) {
      throw new UncheckedIOException("listen on a free port", e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// Answers at `path` (`/v1/chat/completions`) by `script` from now on.
  public void at(String path, Script script) {
    scripts.put(path, script);
  }

  /// Answers with `text` everywhere, 12 tokens read and 3 written, streamed where that is asked.
  public void says(String text) {
    at(
        "/v1/chat/completions",
        (exchange, asked) -> {
          if (asked.path("stream").asBoolean(false)) {
            stream(exchange, chat(text));
          } else {
            json(
                exchange,
                200,
                """
                {"id":"c1","object":"chat.completion","created":1,"model":"clerk-1","system_fingerprint":"fp_1",\
                "service_tier":"default","choices":[{"index":0,"message":{"role":"assistant","content":%s},\
                "finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15,\
                "prompt_tokens_details":{"cached_tokens":4}}}\
                """
                    .formatted(JSON.writeValueAsString(text)));
          }
        });
    at(
        "/v1/responses",
        (exchange, asked) ->
            json(
                exchange,
                200,
                """
                {"id":"r1","object":"response","created_at":1,"status":"completed","model":"clerk-1","output":[\
                {"id":"m1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text",\
                "text":%s,"annotations":[]}]}],"usage":{"input_tokens":12,"input_tokens_details":{"cached_tokens":0},\
                "output_tokens":3,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":15}}\
                """
                    .formatted(JSON.writeValueAsString(text))));
    at(
        "/v1/messages",
        (exchange, asked) ->
            json(
                exchange,
                200,
                """
                {"id":"msg_1","type":"message","role":"assistant","model":"clerk-1","content":[{"type":"text",\
                "text":%s}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":12,\
                "output_tokens":3}}\
                """
                    .formatted(JSON.writeValueAsString(text))));
    at(
        "/v1/embeddings",
        (exchange, asked) ->
            json(
                exchange,
                200,
                """
                {"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2]}],\
                "model":"clerk-1","usage":{"prompt_tokens":5,"total_tokens":5}}\
                """));
    at(
        "/v1/messages/count_tokens",
        (exchange, asked) -> json(exchange, 200, "{\"input_tokens\":7}"));
  }

  /// The events of a streamed chat that says `text` in words.
  public static String[] chat(String text) {
    var words = text.split("(?<= )", -1);
    var events = new String[words.length + 3];
    for (int i = 0; i < words.length; i++) {
      events[i] = chunk("{\"content\":" + JSON.writeValueAsString(words[i]) + "}", "null");
    }
    events[words.length] = chunk("{}", "\"stop\"");
    events[words.length + 1] =
        """
        data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"clerk-1","choices":[],\
        "usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}

        """;
    events[words.length + 2] = "data: [DONE]\n\n";
    return events;
  }

  /// One event of a streamed chat.
  public static String chunk(String delta, String finish) {
    return """
    data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"clerk-1","system_fingerprint":"fp_1",\
    "choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

    """
        .formatted(delta, finish);
  }

  /// The events of a streamed chat that proposes a call, its arguments in two pieces.
  public static String[] proposes(String tool, String arguments) {
    int half = arguments.length() / 2;
    return new String[] {
      chunk("{\"role\":\"assistant\",\"content\":\"Let me see. \"}", "null"),
      chunk(
          """
          {"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"%s","arguments":""}}]}\
          """
              .formatted(tool),
          "null"),
      chunk(piece(arguments.substring(0, half)), "null"),
      chunk(piece(arguments.substring(half)), "null"),
      chunk("{}", "\"tool_calls\""),
      "data: [DONE]\n\n"
    };
  }

  private static String piece(String arguments) {
    return "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":"
        + JSON.writeValueAsString(arguments)
        + "}}]}";
  }

  public static void json(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /// Streams `events`, each flushed.
  public static void stream(HttpExchange exchange, String... events) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    for (var event : events) {
      exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var headers = new ConcurrentHashMap<String, String>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) ->
              headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
      var path = exchange.getRequestURI().getPath();
      seen.add(new Request(path, headers, body));
      var script = scripts.get(path);
      if (script == null) {
        json(exchange, 404, "{\"error\":{\"message\":\"no such path\"}}");
      } else {
        script.answer(exchange, body.isEmpty() ? JSON.nullNode() : JSON.readTree(body));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
