package dev.remit.cli.init;

import dev.remit.cli.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server started as a child process, with the environment Remit would give it and no more.
final class StdioWire implements Wire {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TMPDIR", "TZ");
  private static final int ERROR_LINES_MAX = 5;

  private final Process process;
  private final Duration patience;
  private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
  private final Deque<String> lastErrors = new ArrayDeque<>();
  private int lastId;

  private StdioWire(Process process, Duration patience) {
    this.process = process;
    this.patience = patience;
    Thread.startVirtualThread(this::readOut);
    Thread.startVirtualThread(this::readErr);
  }

  static StdioWire start(Upstream.Stdio server, Terminal terminal, Duration patience)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(server.command());
    command.addAll(server.args());
    var builder = new ProcessBuilder(command);
    builder.directory(server.cwd().map(Path::of).orElse(terminal.directory()).toFile());
    builder.environment().keySet().retainAll(INHERITED);
    server.settings().forEach((name, value) -> builder.environment().put(name, value.value()));
    return new StdioWire(builder.start(), patience);
  }

  private void readOut() {
    try (var lines = reader(process.getInputStream())) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        message(line);
      }
    } catch (IOException e) {
      note("its output broke off: " + e.getMessage());
    }
    messages.add(JSON.createObjectNode().put("ended", true));
  }

  private void message(String line) {
    try {
      var node = JSON.readTree(line);
      if (node.isObject()) {
        messages.add(node);
      }
    } catch (JacksonException e) {
      note("it wrote to its output what is no message: " + line);
    }
  }

  private void readErr() {
    try (var lines = reader(process.getErrorStream())) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
      }
    } catch (IOException e) {
      note("its error output broke off: " + e.getMessage());
    }
  }

  private static BufferedReader reader(java.io.InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private synchronized void note(String line) {
    lastErrors.add(line);
    if (lastErrors.size() > ERROR_LINES_MAX) {
      lastErrors.removeFirst();
    }
  }

  @Override
  public JsonNode ask(String method, JsonNode params) throws IOException {
    int id = ++lastId;
    var request = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
    request.set("params", params);
    write(request);
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      var message = next(until - System.nanoTime(), method);
      if (message.has("method")) {
        answerOnItsQuestion(message);
      } else if (message.path("id").asInt(-1) == id) {
        return message;
      }
    }
  }

  private JsonNode next(long nanos, String method) throws IOException {
    try {
      var message = messages.poll(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
      if (message == null) {
        throw new IOException(
            "it did not answer `" + method + "` within " + patience.toSeconds() + " s" + said());
      }
      if (message.has("ended")) {
        throw new IOException("it ended" + exit() + said());
      }
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private String exit() {
    try {
      return process.waitFor(1, TimeUnit.SECONDS) ? " with exit code " + process.exitValue() : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private synchronized String said() {
    return lastErrors.isEmpty() ? "" : "; it said: " + String.join(" | ", lastErrors);
  }

  /// A server may ping its client; other questions we have no answer to.
  private void answerOnItsQuestion(JsonNode message) throws IOException {
    if (!message.has("id")) {
      return;
    }
    var answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", message.path("id"));
    if ("ping".equals(message.path("method").asString(""))) {
      answer.putObject("result");
    } else {
      answer.putObject("error").put("code", -32601).put("message", "not offered");
    }
    write(answer);
  }

  @Override
  public void tell(String method) throws IOException {
    write(JSON.createObjectNode().put("jsonrpc", "2.0").put("method", method));
  }

  private void write(JsonNode message) throws IOException {
    try {
      var out = process.getOutputStream();
      out.write((message + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new IOException("it does not listen any more" + exit() + said(), e);
    }
  }

  @Override
  public void agreed(String version) {
    // Said once, at `initialize`; the connection is the session.
  }

  /// Ends the server as the protocol says: close its input, wait, then insist.
  @Override
  public void close() {
    var family = process.descendants().toList();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        process.destroy();
      }
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroy);
  }
}
