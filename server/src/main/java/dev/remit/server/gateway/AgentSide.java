package dev.remit.server.gateway;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.server.gateway.wire.Event;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The agent's end of one exchange: what is sent back, and whether anything has been.
///
/// Belongs to one thread.
final class AgentSide {
  private static final HeaderName DECISION = HeaderNames.create("Remit-Decision");
  private static final HeaderName RECEIPT = HeaderNames.create("Remit-Receipt");

  /// What an upstream's answer may set. Its challenges and cookies are not for the agent.
  private static final Set<String> CARRIED =
      Set.of(
          "content-type",
          "mcp-session-id",
          "mcp-protocol-version",
          "cache-control",
          "x-accel-buffering",
          "retry-after",
          "allow");

  private final ServerResponse response;
  private @Nullable OutputStream stream;
  private boolean sent;

  /// The id of the request that is answered, as JSON.
  private String requestId = "null";

  AgentSide(ServerResponse response) {
    this.response = response;
  }

  /// Names the decision that this answer goes by, and the proof that it is recorded. Too late once
  /// a stream has begun, as it does while a held call waits; the decision shown then leads to this.
  void show(DecisionId decision, Receipt receipt) {
    if (sent) {
      return;
    }
    response.headers().set(DECISION, decision.value());
    response.headers().set(RECEIPT, receipt.header());
  }

  void header(String name, String value) {
    response.headers().set(HeaderNames.create(name), value);
  }

  void answers(String id) {
    requestId = id;
  }

  String requestId() {
    return requestId;
  }

  /// Whether anything has been sent, so that it is too late for another answer.
  boolean hasBegun() {
    return sent;
  }

  boolean isStreaming() {
    return stream != null;
  }

  /// Sends a whole answer; as the last event where a stream has begun already.
  void send(int status, Map<String, String> headers, byte[] body) throws AgentGone {
    if (isStreaming()) {
      event(Event.of(body));
      finish();
      return;
    }
    carry(status, headers);
    sent = true;
    try {
      response.send(body);
    } catch (RuntimeException e) {
      throw new AgentGone(e);
    }
  }

  /// Begins a stream, or goes on with the one that has begun.
  void stream(int status, Map<String, String> headers) throws AgentGone {
    if (isStreaming()) {
      return;
    }
    carry(status, headers);
    sent = true;
    try {
      stream = response.outputStream();
      stream.flush();
    } catch (IOException | RuntimeException e) {
      throw new AgentGone(e);
    }
  }

  void event(Event event) throws AgentGone {
    if (stream == null) {
      throw new IllegalStateException("the stream was not begun");
    }
    try {
      stream.write(event.bytes());
      stream.flush();
    } catch (IOException | RuntimeException e) {
      throw new AgentGone(e);
    }
  }

  void finish() throws AgentGone {
    if (stream == null) {
      return;
    }
    try {
      stream.close();
    } catch (IOException | RuntimeException e) {
      throw new AgentGone(e);
    }
  }

  /// Ends the connection in the middle, so that nobody takes what was sent for all of it.
  CloseConnectionException breakOff(String why) {
    return new CloseConnectionException(why);
  }

  private void carry(int status, Map<String, String> headers) {
    response.status(Status.create(status));
    headers.forEach((name, value) -> {
      if (CARRIED.contains(name)) {
        response.headers().set(HeaderNames.create(name), value);
      }
    });
  }
}
