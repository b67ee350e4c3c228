package dev.remit.conformance.browser;

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
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A headless Chromium that a person sits before, driven by the Chrome DevTools Protocol over
/// loopback. It keeps its cookies while it runs.
public final class Chromium implements AutoCloseable {
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

  /// Opens an empty page; empty where no Chromium is installed.
  ///
  /// @param profile an empty directory for what it keeps
  public static Optional<Chromium> open(Path profile) {
    for (var program : List.of("chromium", "chromium-browser", "google-chrome")) {
      var command = new ArrayList<>(List.of(program, "--headless=new", "--no-sandbox"));
      command.addAll(List.of("--disable-gpu", "--disable-background-networking"));
      command.addAll(
          List.of(
              "--hide-scrollbars",
              "--no-first-run",
              "--no-proxy-server",
              "--remote-debugging-port=0"));
      command.addAll(List.of("--user-data-dir=" + profile, "about:blank"));
      try {
        var process = new ProcessBuilder(command).start();
        return Optional.of(new Chromium(process, debugger(process)));
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
  public JsonNode evaluate(String expression) {
    var parameters = JSON.createObjectNode();
    parameters.put("expression", expression);
    parameters.put("awaitPromise", true).put("returnByValue", true);
    var result = ask("Runtime.evaluate", parameters);
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException("the page threw: " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /// Returns the whole numbers that an expression gives.
  public List<Integer> numbers(String expression) {
    return evaluate(expression).valueStream().map(JsonNode::intValue).toList();
  }

  /// Goes to `address` and waits until something is shown there.
  public void open(URI address) {
    ask("Page.enable", JSON.createObjectNode());
    ask("Page.navigate", JSON.createObjectNode().put("url", address.toString()));
    awaitTrue("location.href !== 'about:blank' && document.readyState === 'complete'");
  }

  /// Waits until `condition` holds of whatever page is shown by then.
  public void awaitTrue(String condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (!holds(condition)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "`" + condition + "` does not come true at: " + evaluate("document.body.innerText"));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private boolean holds(String condition) {
    try {
      return evaluate(condition).asBoolean(false);
    } catch (IllegalStateException e) {
      // Asked between two pages.
      return false;
    }
  }

  /// Types into the field of this name.
  public void type(String name, String text) {
    evaluate(
        "document.querySelector('[name=\""
            + name
            + "\"]').value = "
            + JSON.writeValueAsString(text));
  }

  /// Clicks what the selector finds.
  public void click(String selector) {
    evaluate("document.querySelector(" + JSON.writeValueAsString(selector) + ").click(), true");
  }

  /// Returns what is seen, as PNG.
  public byte[] screenshot() {
    var data = ask("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"));
    return Base64.getDecoder().decode(data.path("data").stringValue());
  }

  /// Returns all of the page as PNG, also what one would have to scroll to.
  public byte[] wholePage() {
    var parameters = JSON.createObjectNode().put("format", "png");
    parameters.put("captureBeyondViewport", true);
    var size = ask("Page.getLayoutMetrics", JSON.createObjectNode()).path("cssContentSize");
    parameters
        .putObject("clip")
        .put("x", 0)
        .put("y", 0)
        .put("width", size.path("width").asDouble(0))
        .put("height", size.path("height").asDouble(0))
        .put("scale", 1);
    var data = ask("Page.captureScreenshot", parameters);
    return Base64.getDecoder().decode(data.path("data").stringValue());
  }

  /// Makes the window so wide and high, in CSS pixels.
  public void resize(int width, int height) {
    ask(
        "Emulation.setDeviceMetricsOverride",
        JSON.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
  }

  /// Says that the person prefers light or dark.
  ///
  /// @param scheme `light` or `dark`
  public void prefer(String scheme) {
    var parameters = JSON.createObjectNode();
    parameters
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", scheme);
    ask("Emulation.setEmulatedMedia", parameters);
  }

  /// Gives the browser an authenticator of its own that keeps passkeys and verifies whoever asks.
  public void addAuthenticator() {
    ask("WebAuthn.enable", JSON.createObjectNode());
    var parameters = JSON.createObjectNode();
    parameters
        .putObject("options")
        .put("protocol", "ctap2")
        .put("transport", "internal")
        .put("hasResidentKey", true)
        .put("hasUserVerification", true)
        .put("isUserVerified", true)
        .put("automaticPresenceSimulation", true);
    ask("WebAuthn.addVirtualAuthenticator", parameters);
  }

  /// Forgets every cookie.
  public void forget() {
    ask("Network.clearBrowserCookies", JSON.createObjectNode());
  }

  /// Presses a key: `Tab` or `Enter`.
  public void press(String key) {
    int code = key.equals("Tab") ? 9 : 13;
    for (var type : List.of("keyDown", "keyUp")) {
      var parameters =
          JSON.createObjectNode()
              .put("type", type)
              .put("key", key)
              .put("code", key)
              .put("windowsVirtualKeyCode", code);
      if (key.equals("Enter") && type.equals("keyDown")) {
        parameters.put("text", "\r");
      }
      ask("Input.dispatchKeyEvent", parameters);
    }
  }

  /// Types text into whatever has the focus.
  public void write(String text) {
    ask("Input.insertText", JSON.createObjectNode().put("text", text));
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

  /// Puts together the frames of each message.
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
