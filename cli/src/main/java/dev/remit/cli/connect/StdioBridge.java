package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Carries one MCP client's messages from standard input to the gateway and the answers back.
///
/// A request runs on its own thread, so that they overlap as the client means them to;
/// notifications, responses and `initialize` are sent in order, each before the next line is read,
/// because what follows relies on them.
final class StdioBridge {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PATIENCE_AT_END = Duration.ofSeconds(10);

  private final Conversation conversation;
  private final Lines out;
  private final PrintWriter err;
  private final Map<String, InFlight> inFlight = new ConcurrentHashMap<>();
  private final Phaser running = new Phaser(1);
  private final AtomicBoolean ended = new AtomicBoolean();

  StdioBridge(Conversation conversation, Lines out, PrintWriter err) {
    this.conversation = conversation;
    this.out = out;
    this.err = err;
  }

  /// Forwards until the client closes its end, then waits a little for answers under way.
  void run(InputStream in) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null && !ended.get(); line = lines.readLine()) {
      if (!line.isBlank()) {
        accept(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    awaitAnswers();
  }

  /// Abandons what is under way and ends the session. May be called while [#run] runs, and twice.
  void end() {
    if (ended.compareAndSet(false, true)) {
      inFlight.values().forEach(InFlight::cancel);
      conversation.end();
    }
  }

  private void awaitAnswers() {
    try {
      int phase = running.arrive();
      running.awaitAdvanceInterruptibly(phase, PATIENCE_AT_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      err.println("remit: the client left while " + inFlight.size() + " calls were under way");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept(byte[] line) {
    try {
      var node = JSON.readTree(line);
      if (node.isObject()) {
        dispatch(new Message(line, node));
      } else {
        refuse(Answers.INVALID_REQUEST, "each line is one JSON-RPC message; batches are not taken");
      }
    } catch (JacksonException e) {
      refuse(Answers.PARSE_ERROR, "a line on standard input is not JSON");
    }
  }

  private void refuse(int code, String why) {
    err.println("remit: " + why);
    out.write(Answers.error(Answers.noId(), code, why));
  }

  private void dispatch(Message message) {
    if (message.isRequest() && !message.opensSession()) {
      running.register();
      Thread.startVirtualThread(() -> answer(message));
    } else if (!isCancelledHere(message)) {
      forward(message, new InFlight());
    }
  }

  /// In the stateless era, closing the answer's stream is the cancellation, and nothing is sent.
  private boolean isCancelledHere(Message message) {
    var call = message.cancels().flatMap(id -> Optional.ofNullable(inFlight.get(id)));
    call.ifPresent(InFlight::waive);
    boolean here = call.isPresent() && !conversation.hasSession();
    if (here) {
      call.get().cancel();
    }
    return here;
  }

  private void answer(Message request) {
    var call = new InFlight();
    inFlight.put(request.id(), call);
    try {
      forward(request, call);
    } finally {
      inFlight.remove(request.id(), call);
      running.arriveAndDeregister();
    }
  }

  private void forward(Message message, InFlight call) {
    try {
      conversation.send(message, call);
    } catch (IOException | UncheckedIOException | CommandFailed e) {
      if (!call.isWaived() && !ended.get()) {
        fail(message, e);
      }
    }
  }

  private void fail(Message message, Exception e) {
    var words = words(e);
    err.println("remit: " + message.method() + ": " + words);
    if (message.isRequest()) {
      out.write(Answers.error(message.node().path("id"), Answers.NOT_DONE, words));
    }
  }

  static String words(Exception e) {
    var remedy = e instanceof CommandFailed failed ? failed.remedy() : Optional.<String>empty();
    return e.getMessage() + remedy.map(text -> " (" + text + ")").orElse("");
  }
}
