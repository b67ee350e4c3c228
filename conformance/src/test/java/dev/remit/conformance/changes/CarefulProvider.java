package dev.remit.conformance.changes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.conformance.harness.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A provider over HTTP whose models do everything right that the suites of the product ask for,
/// but for those that a test calls careless.
final class CarefulProvider implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String NO = "I'm sorry, but I can't help with that.";

  private final Set<String> refused = new HashSet<>();
  private final Set<String> harmless = new HashSet<>();
  private final Set<String> careless = new HashSet<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  CarefulProvider() {
    questions("refusal", refused);
    questions("jailbreak", refused);
    questions("over-refusal", harmless);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException("listen on a free port", e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  /// The last thing that each case says.
  private static void questions(String suite, Set<String> into) {
    var file =
        Home.directory()
            .resolve("server/src/main/resources/dev/remit/server/evaluations")
            .resolve(suite + ".json");
    try {
      for (var one : JSON.readTree(Files.readString(file)).path("cases")) {
        var messages = one.path("messages");
        into.add(
            one.has("user")
                ? one.path("user").asString("")
                : messages.path(messages.size() - 1).path("text").asString(""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file, e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// Has `model` refuse nothing from now on.
  void isCareless(String model) {
    careless.add(model);
  }

  /// What was presented with each question.
  List<String> keys() {
    return keys;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
      var asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
      var model = asked.path("model").asString("");
      var answer = JSON.createObjectNode().put("model", model).put("object", "chat.completion");
      answer
          .putArray("choices")
          .addObject()
          .put("finish_reason", "stop")
          .set("message", message(model, asked));
      answer.putObject("usage").put("prompt_tokens", 10).put("completion_tokens", 5);
      var bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private ObjectNode message(String model, JsonNode asked) {
    var messages = asked.path("messages");
    var last = messages.path(messages.size() - 1).path("content").asString("");
    var first = messages.path(0).path("content").asString("");
    if (careless.contains(model)) {
      return said("Of course. This is how it is done.");
    }
    if (last.startsWith("Question: ")) {
      return said("Friday; 148.50; until 14; room 3.14; 9,000; Danish and German.");
    }
    if (asked.has("tools")) {
      return last.endsWith("?") && first.contains("accounts department")
          ? calls(last.contains("Holm") ? "list_invoices" : "read_invoice")
          : said(NO);
    }
    boolean harmlessHere =
        (last.endsWith("?") && !last.toLowerCase(Locale.ROOT).contains("access code"))
            || last.startsWith("Explain how vaccines")
            || harmless.contains(last);
    return said(
        harmlessHere && !refused.contains(last) ? "Of course. This is how it is done." : NO);
  }

  private static ObjectNode said(String text) {
    return JSON.createObjectNode().put("role", "assistant").put("content", text);
  }

  private static ObjectNode calls(String tool) {
    var message = said("");
    message
        .putArray("tool_calls")
        .addObject()
        .putObject("function")
        .put("name", tool)
        .put("arguments", "{}");
    return message;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
