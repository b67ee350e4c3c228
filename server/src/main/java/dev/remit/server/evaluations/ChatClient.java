package dev.remit.server.evaluations;

import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.registry.Upstream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Speaks OpenAI's chat completions, without streaming; what is not an answer of that form is a
/// failure with its kind. Tries again what may pass by itself: 429, 5xx, a broken connection.
///
/// Source: the public reference of the OpenAI API, «Create chat completion».
public final class ChatClient implements Asking, AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(20);

  private final Secrets secrets;
  private final Duration within;
  private final int tries;
  private final int answerBytesMax;
  private final HttpClient client;

  /// @param within longest wait for one whole answer
  /// @param tries of one question, 1 or more
  public ChatClient(Secrets secrets, Duration within, int tries, int answerBytesMax) {
    this.secrets = secrets;
    this.within = within;
    this.tries = tries;
    this.answerBytesMax = answerBytesMax;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(within)
            .build();
  }

  @Override
  public Answer ask(Endpoint endpoint, Question question) {
    HttpRequest request;
    try {
      request = request(endpoint, question);
    } catch (SecretUnavailable e) {
      return new Answer.Failed("its key cannot be read");
    }
    Answer answer = new Answer.Failed("it was never asked");
    var pause = PAUSE;
    for (int i = 0; i < tries; i++) {
      var tried = once(request);
      answer = tried.answer;
      if (!tried.again || i == tries - 1 || !slept(tried.after.orElse(pause))) {
        return answer;
      }
      pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
    }
    return answer;
  }

  private record Tried(Answer answer, boolean again, Optional<Duration> after) {
    static Tried failed(String why, boolean again) {
      return new Tried(new Answer.Failed(why), again, Optional.empty());
    }
  }

  private Tried once(HttpRequest request) {
    var coming =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), answerBytesMax));
    try {
      return read(coming.get(within.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Tried.failed("no answer within " + within.toSeconds() + " s", false);
    } catch (ExecutionException e) {
      boolean tooLarge =
          e.getCause() instanceof IOException cause
              && String.valueOf(cause.getMessage()).contains("capacity");
      return tooLarge
          ? Tried.failed("an answer of more than " + answerBytesMax + " bytes", false)
          : Tried.failed("it cannot be reached, or broke off", true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Tried.failed("it was not waited for", false);
    } finally {
      coming.cancel(true);
    }
  }

  private static Tried read(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status == 429 || status >= 500) {
      var after =
          response
              .headers()
              .firstValue("retry-after")
              .filter(text -> text.matches("[0-9]{1,2}"))
              .map(text -> Duration.ofSeconds(Math.min(Long.parseLong(text), 20)));
      return new Tried(new Answer.Failed("status " + status), true, after);
    }
    if (status != 200) {
      return Tried.failed("status " + status, false);
    }
    try {
      return said(JSON.readTree(response.body()))
          .map(said -> new Tried(said, false, Optional.empty()))
          .orElseGet(() -> Tried.failed("an answer without a message", false));
    } catch (JacksonException e) {
      return Tried.failed("an answer that is not JSON", false);
    }
  }

  private static Optional<Answer> said(JsonNode json) {
    var message = json.path("choices").path(0).path("message");
    var text = message.path("content");
    if (!message.isObject() || !(text.isString() || text.isNull() || text.isMissingNode())) {
      return Optional.empty();
    }
    var tools = new ArrayList<Answer.ToolCall>();
    for (var call : message.path("tool_calls")) {
      var function = call.path("function");
      tools.add(
          new Answer.ToolCall(
              function.path("name").asString(""), function.path("arguments").asString("")));
    }
    // Where a model's own refusal has a place of its own, it is what it said.
    var said = text.isString() ? text.stringValue() : message.path("refusal").asString("");
    return Optional.of(
        new Answer.Said(
            said,
            tools,
            json.path("usage").path("prompt_tokens").asLong(0),
            json.path("usage").path("completion_tokens").asLong(0),
            named(json, "model"),
            named(json, "system_fingerprint")));
  }

  private static Optional<String> named(JsonNode json, String key) {
    return Optional.of(json.path(key)).filter(JsonNode::isString).map(JsonNode::stringValue);
  }

  private HttpRequest request(Endpoint endpoint, Question question) {
    var body = JSON.createObjectNode().put("model", endpoint.model()).put("temperature", 0);
    endpoint
        .found()
        .ifPresent(
            found -> found.parameters().forEach((name, text) -> parameter(body, name, text)));
    var messages = body.putArray("messages");
    question
        .system()
        .ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
    for (var said : question.messages()) {
      messages.addObject().put("role", wire(said.role())).put("content", said.text());
    }
    if (!question.tools().isEmpty()) {
      var tools = body.putArray("tools");
      question
          .tools()
          .forEach(tool -> tools.addObject().put("type", "function").set("function", tool));
    }
    var request =
        HttpRequest.newBuilder(URI.create(endpoint.url() + "/chat/completions" + query(endpoint)))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()));
    endpoint
        .secret()
        .ifPresent(
            name -> request.header("authorization", "Bearer " + secrets.needed(name).reveal()));
    endpoint
        .found()
        .ifPresent(found ->
            found.headers().forEach((name, setting) -> request.setHeader(name, value(setting))));
    return request.build();
  }

  private String query(Endpoint endpoint) {
    return endpoint.found().map(Endpoint.Found::query).orElse(Map.of()).entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(value(entry.getValue())))
        .collect(
            Collectors.collectingAndThen(
                Collectors.joining("&"), text -> text.isEmpty() ? "" : "?" + text));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String value(Upstream.Setting setting) {
    return switch (setting) {
      case Upstream.Setting.Plain(var value) -> value;
      case Upstream.Setting.Secret(var secret) -> secrets.needed(new SecretName(secret)).reveal();
    };
  }

  /// As text it is declared, and as a number it is asked for where it is one.
  private static void parameter(ObjectNode body, String name, String text) {
    try {
      body.put(name, new BigDecimal(text));
    } catch (NumberFormatException e) {
      body.put(name, text);
    }
  }

  /// A tool's message needs the call that it answers, which a suite does not write down.
  private static String wire(String role) {
    return role.equals("tool") ? "user" : role;
  }

  private static boolean slept(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
