package dev.remit.server.gateway.upstream;

import dev.remit.kernel.identity.TaskId;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.ProtocolVersion;
import java.time.Duration;
import java.util.Map;

/// What is sent to an upstream, in the shape of a Streamable HTTP request.
public sealed interface Departure {

  /// The task it is sent for.
  TaskId task();

  /// The session it belongs to, or empty.
  String session();

  /// The headers that go along; names in lower case. Never the agent's token.
  Map<String, String> headers();

  /// How long to wait for each sign of life.
  Duration patience();

  /// Whether it stands alone (2026-07-28 and later), as its headers say.
  default boolean isModern() {
    return ProtocolVersion.of(headers().getOrDefault("mcp-protocol-version", ""))
        .filter(version -> version.era() == Era.MODERN)
        .isPresent();
  }

  /// Sends a message.
  ///
  /// @param message what `bytes` say
  /// @param bytes the message itself, not copied
  @SuppressWarnings("ArrayRecordComponent") // sent once and never compared
  record Post(
      TaskId task,
      String session,
      Map<String, String> headers,
      Duration patience,
      Message message,
      byte[] bytes)
      implements Departure {}

  /// Listens to what the server sends on its own (legacy), or resumes a stream.
  record Listen(TaskId task, String session, Map<String, String> headers, Duration patience)
      implements Departure {}

  /// Ends the session.
  record Leave(TaskId task, String session, Map<String, String> headers, Duration patience)
      implements Departure {}
}
