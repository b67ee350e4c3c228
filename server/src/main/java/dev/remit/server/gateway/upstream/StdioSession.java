package dev.remit.server.gateway.upstream;

import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Event;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.gateway.wire.Reading;
import dev.remit.server.gateway.wire.RpcId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// One conversation with one child process, a legacy session or what a modern task says: sorts the
/// one channel of a child into the several streams of Streamable HTTP.
///
/// An answer goes to the request it answers, progress to the request whose token it names, news to
/// the subscription that it names. What names nothing goes, in the legacy era, to the listening
/// stream, or to the newest open request, or waits for the next listener; in the modern era it
/// belongs to a request that is under way (a log message), and the newest gets it.
final class StdioSession {
  private static final Logger LOG = LoggerFactory.getLogger(StdioSession.class);
  private static final int BACKLOG_MAX = 100;
  private static final Map<String, String> EVENTS =
      Map.of("content-type", "text/event-stream", "cache-control", "no-cache");
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  private final String name;
  private final MessageReader reader;
  private final Era era;
  private final Runnable onDeath;

  // Guarded by `this`; nothing blocks while it is held.
  private final LinkedHashMap<RpcId, Mailbox> waiting = new LinkedHashMap<>();
  private final ArrayDeque<byte[]> backlog = new ArrayDeque<>();
  private @Nullable Mailbox listener;
  private boolean over;

  private volatile @Nullable Child child;

  StdioSession(String name, MessageReader reader, Era era, Runnable onDeath) {
    this.name = name;
    this.reader = reader;
    this.era = era;
    this.onDeath = onDeath;
  }

  void runs(Child started) {
    child = started;
  }

  /// Sends a request and returns once the child says something about it.
  Arrival ask(Message.Request request, byte[] bytes, Duration patience) throws UpstreamFailure {
    boolean isStanding = request.method().equals(Method.SUBSCRIPTIONS_LISTEN.toString());
    var mailbox = new Mailbox(progressToken(request), isStanding);
    synchronized (this) {
      if (over) {
        throw new UpstreamFailure(Kind.UNREACHABLE, "its process has ended", null);
      }
      if (waiting.putIfAbsent(request.id(), mailbox) != null) {
        return StdioArrival.whole(400, JSON, error(request.id(), "this id is still in use"));
      }
    }
    try {
      write(bytes);
      var first = mailbox.next(patience);
      if (!isWaiting(request.id()) && first.isPresent()) {
        var answer = answerOnly(request.id(), first.get());
        if (answer.isPresent()) {
          return StdioArrival.whole(200, JSON, answer.get());
        }
      }
      return StdioArrival.stream(EVENTS, first, mailbox, patience, () -> giveUp(request.id()));
    } catch (UpstreamFailure e) {
      giveUp(request.id());
      throw e;
    }
  }

  /// Sends something that nobody answers.
  Arrival tell(byte[] bytes) throws UpstreamFailure {
    write(bytes);
    return StdioArrival.whole(202, Map.of(), new byte[0]);
  }

  /// Opens the stream for what the child sends on its own; there is one at a time.
  synchronized Arrival listen(Duration patience) {
    if (listener != null || over) {
      return StdioArrival.whole(over ? 404 : 409, Map.of(), new byte[0]);
    }
    var mailbox = new Mailbox("", true);
    listener = mailbox;
    backlog.forEach(mailbox::put);
    backlog.clear();
    return StdioArrival.stream(EVENTS, Optional.empty(), mailbox, patience, this::unlisten);
  }

  void end() {
    finish("the session was ended");
    var running = child;
    if (running != null) {
      running.end();
    }
  }

  /// The child's standard output has ended.
  void died() {
    if (finish("its process ended")) {
      onDeath.run();
    }
  }

  void receive(byte[] line) {
    switch (reader.read(line)) {
      case Reading.Read(Message.Answer(var id, _)) -> answered(id, line);
      case Reading.Read(Message.Request _) -> deliver("", line);
      case Reading.Read(Message.Notice notice) when era == Era.MODERN -> news(notice, line);
      case Reading.Read(Message.Notice notice) -> deliver(token(notice), line);
      case Reading.Read(Message.Complaint _) -> LOG.warn("{} complained of a message", name);
      case Reading.NotJson(var why) ->
          LOG.warn("{} wrote a line that is no message: {}", name, why);
      case Reading.NotRpc(var why) -> LOG.warn("{} wrote a line that is no message: {}", name, why);
    }
  }

  private synchronized void answered(RpcId id, byte[] line) {
    var mailbox = waiting.remove(id);
    if (mailbox == null) {
      LOG.warn("{} answered {}, which nobody is waiting for", name, id);
      return;
    }
    mailbox.put(line);
    mailbox.end();
  }

  private void news(Message.Notice notice, byte[] line) {
    if (notice.method().equals(Method.CANCELLED.toString())) {
      ended(notice.params().fields().path("requestId"));
      return;
    }
    var subscription = notice.params().meta().path("io.modelcontextprotocol/subscriptionId");
    if (subscription.isMissingNode()) {
      deliver(token(notice), line);
    } else {
      subscribed(subscription, line);
    }
  }

  /// The server takes a subscription down. Over HTTP its stream ends, which says the same.
  private synchronized void ended(JsonNode subscription) {
    var mailbox = RpcId.isId(subscription) ? waiting.remove(RpcId.of(subscription)) : null;
    if (mailbox != null) {
      mailbox.end();
    }
  }

  private synchronized void subscribed(JsonNode subscription, byte[] line) {
    var mailbox = RpcId.isId(subscription) ? waiting.get(RpcId.of(subscription)) : null;
    if (mailbox == null) {
      LOG.warn("{} told {}, which nobody has subscribed to", name, subscription);
    } else {
      mailbox.put(line);
    }
  }

  private synchronized void deliver(String token, byte[] line) {
    for (var mailbox : waiting.values()) {
      if (mailbox.isFor(token)) {
        mailbox.put(line);
        return;
      }
    }
    var newest = newest();
    if (listener != null) {
      listener.put(line);
    } else if (newest != null) {
      newest.put(line);
    } else if (era == Era.LEGACY && backlog.size() < BACKLOG_MAX) {
      backlog.add(line);
    }
  }

  private @Nullable Mailbox newest() {
    for (var mailbox : waiting.sequencedValues().reversed()) {
      if (!mailbox.isStanding()) {
        return mailbox;
      }
    }
    return null;
  }

  private synchronized boolean isWaiting(RpcId id) {
    return waiting.containsKey(id);
  }

  private Optional<byte[]> answerOnly(RpcId id, Event event) {
    return reader.read(event.data()) instanceof Reading.Read(Message.Answer(var of, _))
            && of.equals(id)
        ? Optional.of(event.data())
        : Optional.empty();
  }

  /// Tells the child that nobody waits for this answer any more.
  private void giveUp(RpcId id) {
    synchronized (this) {
      if (waiting.remove(id) == null || over) {
        return;
      }
    }
    var cancel =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
            + id.json()
            + "}}";
    try {
      write(cancel.getBytes(StandardCharsets.UTF_8));
    } catch (UpstreamFailure e) {
      LOG.debug("{} could not be told that {} is cancelled", name, id);
    }
  }

  private synchronized void unlisten() {
    listener = null;
  }

  private synchronized boolean finish(String why) {
    if (over) {
      return false;
    }
    over = true;
    waiting.values().forEach(mailbox -> mailbox.breakOff(why));
    waiting.clear();
    if (listener != null) {
      listener.end();
    }
    return true;
  }

  private void write(byte[] bytes) throws UpstreamFailure {
    var running = child;
    if (running == null) {
      throw new UpstreamFailure(Kind.UNREACHABLE, "its process is not running", null);
    }
    try {
      running.write(bytes);
    } catch (IOException e) {
      throw new UpstreamFailure(Kind.UNREACHABLE, "its process reads no more", e);
    }
  }

  private static String progressToken(Message.Request request) {
    return request.params().meta().path("progressToken").toString();
  }

  private static String token(Message.Notice notice) {
    return notice.method().equals(Method.PROGRESS.toString())
        ? notice.params().fields().path("progressToken").toString()
        : "";
  }

  private static byte[] error(RpcId id, String message) {
    var text =
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id.json()
            + ",\"error\":{\"code\":-32600,\"message\":\""
            + message
            + "\"}}";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
