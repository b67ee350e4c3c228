package dev.remit.server.evaluations;

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
import java.util.concurrent.Executors;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Models that answer as a test says, behind real chat completions.
final class ScriptedModel implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final Map<String, Function<JsonNode, Said>> models = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /// An answer: a status other than 200 sends `text` as its whole body.
  record Said(int status, String text, String tool, String arguments) {
    static Said of(String text) {
      return new Said(200, text, "", "");
    }
  }

  ScriptedModel() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  void says(String model, Function<JsonNode, Said> answers) {
    models.put(model, answers);
  }

  /// The names of the models that were asked, in order.
  List<String> asked() {
    return asked;
  }

  static String lastText(JsonNode request) {
    var messages = request.path("messages");
    return messages.path(messages.size() - 1).path("content").asString("");
  }

  static String system(JsonNode request) {
    var first = request.path("messages").path(0);
    return first.path("role").asString("").equals("system")
        ? first.path("content").asString("")
        : "";
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = JSON.readTree(exchange.getRequestBody().readAllBytes());
      var model = request.path("model").asString("");
      asked.add(model);
      var said = models.getOrDefault(model, _ -> new Said(404, "", "", "")).apply(request);
      var body = said.status() == 200 ? body(model, said) : said.text();
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(said.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String body(String model, Said said) {
    var json = JSON.createObjectNode().put("model", model).put("system_fingerprint", "fp_1");
    var message = json.putArray("choices").addObject().putObject("message");
    message.put("role", "assistant").put("content", said.text());
    if (!said.tool().isEmpty()) {
      message
          .putArray("tool_calls")
          .addObject()
          .putObject("function")
          .put("name", said.tool())
          .put("arguments", said.arguments());
    }
    json.putObject("usage").put("prompt_tokens", 10).put("completion_tokens", 5);
    return json.toString();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
