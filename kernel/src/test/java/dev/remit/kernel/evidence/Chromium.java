package dev.remit.kernel.evidence;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A headless Chromium that shows one page, driven by the Chrome DevTools Protocol over loopback.
final class Chromium implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long SECONDS_MAX = 30;

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private int asked;

  private Chromium(Process process, URI debugger) throws IOException, InterruptedException {
    this.process = process;
    this.socket =
        http.newWebSocketBuilder().buildAsync(pageAt(debugger), new Listening(answers)).join();
  }

  /// Opens `page`; empty where no Chromium is installed.
  ///
  /// @param profile an empty directory for what it keeps
  static Optional<Chromium> open(Path page, Path profile) {
    for (var program : List.of("chromium", "chromium-browser", "google-chrome")) {
      var command = new ArrayList<>(List.of(program, "--headless=new", "--no-sandbox"));
      command.addAll(List.of("--disable-gpu", "--disable-background-networking"));
      command.addAll(List.of("--no-first-run", "--no-proxy-server", "--remote-debugging-port=0"));
      command.addAll(List.of("--user-data-dir=" + profile, page.toUri().toString()));
      try {
        var process = new ProcessBuilder(command).start();
        var chromium = new Chromium(process, debugger(process));
        chromium.awaitShown();
        return Optional.of(chromium);
      } catch (IOException _) {
        // It is not installed under this name.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while Chromium started", e);
      }
    }
    return Optional.empty();
  }

  private static URI debugger(Process process) throws IOException {
    var lines =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("DevTools listening on ")) {
        Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
        return URI.create(line.substring("DevTools listening on ".length()));
      }
    }
    throw new IllegalStateException("Chromium ended before it listened");
  }

  private URI pageAt(URI debugger) throws IOException, InterruptedException {
    var list =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + debugger.getPort() + "/json/list"))
            .build();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (System.nanoTime() < deadline) {
      for (var target : JSON.readTree(http.send(list, BodyHandlers.ofString()).body())) {
        if (target.path("type").asString("").equals("page")) {
          return URI.create(target.path("webSocketDebuggerUrl").stringValue());
        }
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("Chromium shows no page");
  }

  /// Returns the value of a script's expression, awaited if it is a promise.
  JsonNode evaluate(String expression) {
    var parameters = JSON.createObjectNode();
    parameters.put("expression", expression);
    parameters.put("awaitPromise", true).put("returnByValue", true);
    var result = ask("Runtime.evaluate", parameters);
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException("the page threw: " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /// Chooses `file` in the page's element of this id, as a person would.
  void choose(String id, Path file) {
    var found = JSON.createObjectNode();
    found.put("expression", "document.getElementById('" + id + "')");
    var element = ask("Runtime.evaluate", found).path("result").path("objectId").stringValue();
    var chosen = JSON.createObjectNode();
    chosen.put("objectId", element).putArray("files").add(file.toString());
    ask("DOM.setFileInputFiles", chosen);
  }

  private JsonNode ask(String method, ObjectNode parameters) {
    var message = JSON.createObjectNode().put("id", ++asked).put("method", method);
    message.set("params", parameters);
    socket.sendText(message.toString(), true).join();
    try {
      for (; ; ) {
        var answer = answers.poll(SECONDS_MAX, TimeUnit.SECONDS);
        if (answer == null || answer.has("error")) {
          throw new IllegalStateException("`" + method + "` got: " + answer);
        }
        if (answer.path("id").asInt(0) == asked) {
          return answer.path("result");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Chromium worked", e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Puts together the frames of each message. A test that looks sooner finds a page without its
  /// script.
  private void awaitShown() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (!evaluate("location.protocol === 'file:' && document.readyState === 'complete'")
        .asBoolean(false)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Chromium does not show the page");
      }
      Thread.sleep(10);
    }
  }

  private static final class Listening implements WebSocket.Listener {
    private final BlockingQueue<JsonNode> messages;
    private final StringBuilder message = new StringBuilder();

    private Listening(BlockingQueue<JsonNode> messages) {
      this.messages = messages;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      message.append(text);
      if (last) {
        messages.add(JSON.readTree(message.toString()));
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
