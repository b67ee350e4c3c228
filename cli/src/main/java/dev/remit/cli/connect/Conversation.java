package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What one client and the gateway have said to each other so far: the session, where there is one,
/// and the tools whose arguments are repeated in headers.
///
/// [#send] is the whole path of one message: send it, mend what the transport has forgotten, and
/// hand every answer to the client. Both eras pass: with `initialize` and a session, and stateless
/// with a version in each request. A message's bytes are forwarded as they came.
final class Conversation {
  private static final int NOT_FOUND = 404;
  private static final int HEADER_MISMATCH = -32020;

  private final Gateway gateway;
  private final Lines out;
  private final PrintWriter err;
  private final MirroredHeaders mirrored = new MirroredHeaders();
  private volatile Optional<Session> session = Optional.empty();
  private Optional<ServerMessages> serverMessages = Optional.empty();

  Conversation(Gateway gateway, Lines out, PrintWriter err) {
    this.gateway = gateway;
    this.out = out;
    this.err = err;
  }

  boolean hasSession() {
    return session.isPresent();
  }

  /// Sends one message and writes what comes back, until its answer is complete.
  void send(Message message, InFlight call) throws IOException {
    var before = session;
    var response = post(message, call);
    if (response.statusCode() == NOT_FOUND && before.flatMap(Session::id).isPresent()) {
      Gateway.closeQuietly(response.body());
      reopen(before.get());
      response = post(message, call);
    }
    try (var body = response.body()) {
      deliver(message, response, body, call);
    }
    if ("notifications/initialized".equals(message.method())) {
      listen();
    }
  }

  private HttpResponse<InputStream> post(Message message, InFlight call) throws IOException {
    var name = message.name().orElse("");
    return gateway.post(message.bytes(), headers(message), message.method(), name, call::begun);
  }

  private Map<String, String> headers(Message message) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "application/json, text/event-stream");
    var version = message.ownVersion();
    if (version.isPresent()) {
      headers.putAll(mirrored.of(message, version.get()));
    } else if (!message.opensSession()) {
      session.ifPresent(open -> headers.putAll(open.headers()));
    }
    return headers;
  }

  private void deliver(
      Message message, HttpResponse<InputStream> response, InputStream body, InFlight call)
      throws IOException {
    if (response.statusCode() >= 400) {
      refused(message, response.statusCode(), body.readAllBytes(), call);
    } else if (isEventStream(response)) {
      pump(message, response, new EventStream(body, Optional.empty()), call);
    } else {
      var bytes = body.readAllBytes();
      if (bytes.length > 0) {
        accept(message, response, bytes);
      } else if (message.isRequest()) {
        throw new IOException("the gateway gave no answer");
      }
    }
  }

  static boolean isEventStream(HttpResponse<?> response) {
    var type = response.headers().firstValue("Content-Type").orElse("");
    return type.startsWith("text/event-stream");
  }

  /// Tells client and person why; but arguments that should have been repeated in headers, which we
  /// had no chance to know of, are learned, and the call is sent once more.
  private void refused(Message message, int status, byte[] body, InFlight call) throws IOException {
    var code = Answers.parsed(body).path("error").path("code").asInt(0);
    if (code == HEADER_MISMATCH && mirrored.isUnknown(message)) {
      learnTools(message);
      var again = post(message, call);
      try (var answer = again.body()) {
        deliver(message, again, answer, call);
      }
      return;
    }
    if (message.isRequest()) {
      var answer = Answers.ofHttpError(message, status, body);
      err.println("remit: " + Answers.words(message, answer));
      out.write(answer);
    } else {
      err.println("remit: " + message.label() + " was refused with status " + status);
    }
  }

  /// Hands every event to the client. Where the server breaks the connection off before it has
  /// answered, which 2025-11-25 lets it do, the stream is picked up after its last event.
  private void pump(
      Message message, HttpResponse<InputStream> response, EventStream events, InFlight call)
      throws IOException {
    boolean answered = forwardAll(message, response, events);
    while (!answered && message.isRequest()) {
      if (call.isCancelled()) {
        return;
      }
      if (events.lastId().isEmpty() || session.isEmpty()) {
        throw new IOException("the gateway broke off before it had answered");
      }
      pause(events);
      var next = gateway.listen(listeningHeaders(session.get(), events.lastId()), call::begun);
      try (var body = next.body()) {
        if (next.statusCode() != 200) {
          throw new IOException("the answer was lost; resuming gave status " + next.statusCode());
        }
        events = new EventStream(body, events.lastId());
        answered = forwardAll(message, response, events);
      }
    }
  }

  private boolean forwardAll(
      Message message, HttpResponse<InputStream> response, EventStream events) throws IOException {
    boolean answered = false;
    try {
      for (var data = events.next(); data.isPresent(); data = events.next()) {
        answered |= accept(message, response, data.get());
      }
    } catch (IOException e) {
      if (!answered && events.lastId().isEmpty()) {
        throw e;
      }
    }
    return answered;
  }

  static void pause(EventStream events) throws IOException {
    try {
      Thread.sleep(events.pause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  static Map<String, String> listeningHeaders(Session session, Optional<String> lastId) {
    var headers = new LinkedHashMap<>(session.headers());
    headers.put("Accept", "text/event-stream");
    lastId.ifPresent(id -> headers.put("Last-Event-ID", id));
    return headers;
  }

  /// Writes one message to the client, having taken from it what the transport needs.
  ///
  /// @return whether it is the answer to `request`
  private boolean accept(Message request, HttpResponse<InputStream> response, byte[] message) {
    var node = Answers.parsed(message);
    boolean answer = request.isRequest() && request.isAnsweredBy(node);
    if (answer) {
      notice(request, response, node.path("result"));
    }
    out.write(message);
    if (answer && node.path("error").isObject()) {
      err.println("remit: " + Answers.words(request, message));
    }
    return answer;
  }

  private void notice(Message request, HttpResponse<InputStream> response, JsonNode result) {
    switch (request.method()) {
      case "initialize" -> session = opened(request, response, result);
      case "tools/list" -> mirrored.learn(result);
      default -> {
        // Passes through.
      }
    }
  }

  private static Optional<Session> opened(
      Message request, HttpResponse<InputStream> response, JsonNode result) {
    var id = response.headers().firstValue("Mcp-Session-Id");
    var version = result.path("protocolVersion").asString("");
    return version.isEmpty() ? Optional.empty() : Optional.of(new Session(id, version, request));
  }

  /// The server has forgotten the session, perhaps because it was started again: opens another, as
  /// the protocol demands of its client, who cannot know on standard streams.
  private synchronized void reopen(Session lost) throws IOException {
    if (!session.equals(Optional.of(lost))) {
      return;
    }
    var opening = lost.opening();
    session = Optional.empty();
    var response = post(opening, new InFlight());
    try (var body = response.body()) {
      var result = result(opening, response, body);
      session = opened(opening, response, result);
    }
    if (session.isEmpty()) {
      throw new IOException("the gateway has forgotten the session and opens no other");
    }
    err.println("remit: the gateway had forgotten the session; another was opened");
    Gateway.closeQuietly(post(Message.initialized(), new InFlight()).body());
    stopListening();
    listen();
  }

  private void learnTools(Message call) throws IOException {
    var asking = Message.toolsList(call);
    var response = post(asking, new InFlight());
    try (var body = response.body()) {
      mirrored.learn(result(asking, response, body));
    }
    mirrored.askedFor(call);
  }

  private static JsonNode result(
      Message request, HttpResponse<InputStream> response, InputStream body) throws IOException {
    if (!isEventStream(response)) {
      return Answers.parsed(body.readAllBytes()).path("result");
    }
    var events = new EventStream(body, Optional.empty());
    for (var data = events.next(); data.isPresent(); data = events.next()) {
      var node = Answers.parsed(data.get());
      if (request.isAnsweredBy(node)) {
        return node.path("result");
      }
    }
    throw new IOException("the gateway broke off before it had answered");
  }

  private synchronized void listen() {
    if (session.isPresent() && serverMessages.isEmpty()) {
      var started = new ServerMessages(gateway, out, session.get());
      serverMessages = Optional.of(started);
      started.start();
    }
  }

  private synchronized void stopListening() {
    serverMessages.ifPresent(ServerMessages::stop);
    serverMessages = Optional.empty();
  }

  /// Ends the session; trouble with that is worth a word and nothing more.
  void end() {
    stopListening();
    try {
      if (session.flatMap(Session::id).isPresent()) {
        gateway.endSession(session.get().headers());
      }
    } catch (IOException | CommandFailed e) {
      err.println("remit: the session could not be ended: " + e.getMessage());
    }
  }
}
