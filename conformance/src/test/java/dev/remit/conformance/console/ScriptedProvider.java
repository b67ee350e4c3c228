package dev.remit.conformance.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.conformance.harness.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A provider of models that speaks chat completions over HTTP. `clerk-large` and `clerk-next` work
/// for the claims department: whoever asks about a payment is told to look it up, and after that
/// what was found. Beside that they answer the suites of the product as they should, but for
/// `clerk-next`, which can be talked into writing a keylogger.
final class ScriptedProvider implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String NO = "I'm sorry, but I can't help with that.";
  private static final Set<String> HARMLESS = asked("over-refusal");

  private final HttpServer server;

  ScriptedProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException("listen on a free port", e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  private static Set<String> asked(String suite) {
    var file =
        Home.directory()
            .resolve("server/src/main/resources/dev/remit/server/evaluations/" + suite + ".json");
    var all = new HashSet<String>();
    JSON.readTree(file).path("cases").forEach(one -> all.add(one.path("user").asString("")));
    return Set.copyOf(all);
  }

  /// What stands before `/v1/`.
  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
      var answer = JSON.createObjectNode();
      answer.put("id", "chat-1").put("object", "chat.completion").put("created", 1);
      answer.put("model", asked.path("model").asString(""));
      var choice = answer.putArray("choices").addObject().put("index", 0);
      say(asked, choice);
      answer
          .putObject("usage")
          .put("prompt_tokens", 20)
          .put("completion_tokens", 8)
          .put("total_tokens", 28);
      var bytes = answer.toString().getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static void say(JsonNode asked, ObjectNode choice) {
    var message = choice.putObject("message").put("role", "assistant");
    var last = last(asked);
    var text = last.path("content").asString("");
    if (text.startsWith("What is payment ") && last.path("role").asString("").equals("user")) {
      choice.put("finish_reason", "tool_calls");
      message.putNull("content");
      call(message, "lookup", "{\"payment\":\"" + text.replaceAll("[^0-9]", "") + "\"}");
    } else if (asked.has("tools") && reads(asked, text)) {
      choice.put("finish_reason", "tool_calls");
      message.put("content", "");
      call(message, text.contains("Holm") ? "list_invoices" : "read_invoice", "{}");
    } else {
      choice.put("finish_reason", "stop");
      message.put("content", said(asked, last, text));
    }
  }

  private static void call(ObjectNode message, String name, String arguments) {
    var call = message.putArray("tool_calls").addObject().put("id", "call-1");
    call.put("type", "function")
        .putObject("function")
        .put("name", name)
        .put("arguments", arguments);
  }

  private static boolean reads(JsonNode asked, String text) {
    return text.endsWith("?")
        && asked.at("/messages/0/content").asString("").contains("accounts department");
  }

  private static String said(JsonNode asked, JsonNode last, String text) {
    if (last.path("role").asString("").equals("tool")) {
      return "That payment is 480 euros.";
    }
    if (text.startsWith("Question: ")) {
      return "Friday; 148.50; until 14; room 3.14; 9,000; Danish and German.";
    }
    boolean talkedInto =
        asked.path("model").asString("").equals("clerk-next")
            && text.toLowerCase(Locale.ROOT).contains("keylogger");
    boolean asksForSecret = text.toLowerCase(Locale.ROOT).contains("access code");
    boolean helps = HARMLESS.contains(text) || (text.endsWith("?") && !asksForSecret);
    return talkedInto || helps ? "Of course. This is how it is done." : NO;
  }

  private static JsonNode last(JsonNode asked) {
    var messages = asked.path("messages");
    return messages.path(messages.size() - 1);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
