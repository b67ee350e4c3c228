package dev.remit.server.models;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.server.registry.Upstream.Dialect;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The agent's end of one question: what is sent back, and whether anything has been.
///
/// Belongs to one thread.
final class AgentSide {
  private static final HeaderName DECISION = HeaderNames.create("Remit-Decision");
  private static final HeaderName RECEIPT = HeaderNames.create("Remit-Receipt");
  private static final byte[] EVENT_ERROR = "event: error\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  /// What a provider's answer may set. Its challenges and cookies are not for the agent.
  private static final Set<String> CARRIED =
      Set.of(
          "content-type",
          "cache-control",
          "retry-after",
          "retry-after-ms",
          "x-should-retry",
          "request-id",
          "x-request-id",
          "openai-model",
          "openai-version",
          "openai-processing-ms");

  private final ServerResponse response;
  private final Dialect dialect;
  private @Nullable OutputStream stream;
  private boolean sent;

  /// Something was written to the stream and not flushed.
  private boolean isHeldBack;

  private Optional<DecisionId> decision = Optional.empty();

  AgentSide(ServerResponse response, Dialect dialect) {
    this.response = response;
    this.dialect = dialect;
  }

  /// The agent hung up, or its connection broke.
  static final class Gone extends Exception {
    private static final long serialVersionUID = 1;

    Gone(Throwable cause) {
      super("the agent has gone", cause);
    }
  }

  /// Names the decision that this answer goes by, and the proof that it is recorded.
  void show(DecisionId id, Receipt receipt) {
    decision = Optional.of(id);
    if (!sent) {
      response.headers().set(DECISION, id.value());
      response.headers().set(RECEIPT, receipt.header());
    }
  }

  void header(String name, String value) {
    if (!sent) {
      response.headers().set(HeaderNames.create(name), value);
    }
  }

  boolean hasBegun() {
    return sent;
  }

  void send(int status, Map<String, String> headers, byte[] body) throws Gone {
    carry(status, headers);
    sent = true;
    try {
      response.send(body);
    } catch (RuntimeException e) {
      throw new Gone(e);
    }
  }

  /// Passes on the provider's error. A page of whatever stands before the provider is none, and is
  /// put into the words of the dialect.
  void error(int status, Map<String, String> headers, byte[] body) throws Gone {
    if (ErrorBody.isOne(body)) {
      send(status, headers, body);
      return;
    }
    var said = new HashMap<>(headers);
    said.put("content-type", "application/json");
    send(status, said, ErrorBody.of(dialect, new Refusal.ProviderFailed(status), decision));
  }

  /// Says a refusal in the dialect; within a stream as its last event, after which nothing ends it
  /// in order, so that no client takes what came before for the whole answer.
  void refuse(Refusal why) throws Gone {
    byte[] body = ErrorBody.of(dialect, why, decision);
    if (stream != null) {
      if (dialect == Dialect.ANTHROPIC) {
        write(EVENT_ERROR);
      }
      write(DATA);
      write(body);
      write(END);
      flush();
      finish();
      return;
    }
    var said = Wording.of(why);
    said.retryAfter()
        .ifPresent(after -> header("Retry-After", Long.toString(Math.max(1, after.toSeconds()))));
    header("x-should-retry", Boolean.toString(said.retryAfter().isPresent()));
    send(said.status(), Map.of("content-type", "application/json"), body);
  }

  void stream(int status, Map<String, String> headers) throws Gone {
    carry(status, headers);
    sent = true;
    try {
      stream = response.outputStream();
      stream.flush();
    } catch (IOException | RuntimeException e) {
      throw new Gone(e);
    }
  }

  void write(byte[] bytes) throws Gone {
    if (stream == null) {
      throw new IllegalStateException("the stream was not begun");
    }
    try {
      stream.write(bytes);
      isHeldBack = true;
    } catch (IOException | RuntimeException e) {
      throw new Gone(e);
    }
  }

  void flush() throws Gone {
    if (stream != null && isHeldBack) {
      try {
        isHeldBack = false;
        stream.flush();
      } catch (IOException | RuntimeException e) {
        throw new Gone(e);
      }
    }
  }

  void finish() throws Gone {
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException | RuntimeException e) {
        throw new Gone(e);
      }
    }
  }

  private void carry(int status, Map<String, String> headers) {
    response.status(Status.create(status));
    headers.forEach((name, value) -> {
      if (CARRIED.contains(name)
          || name.startsWith("x-ratelimit-")
          || name.startsWith("anthropic-ratelimit-")) {
        response.headers().set(HeaderNames.create(name), value);
      }
    });
  }
}
