package dev.remit.server.gateway.upstream;

import dev.remit.server.gateway.wire.Message;
import java.time.Duration;
import java.util.Map;

/// What is sent to an upstream, in the shape of a Streamable HTTP request.
public sealed interface Departure {

  /// The session it belongs to, or empty.
  String session();

  /// The headers that go along; names in lower case. Never the agent's token.
  Map<String, String> headers();

  /// How long to wait for each sign of life.
  Duration patience();

  /// Sends a message.
  ///
  /// @param message what `bytes` say
  /// @param bytes the message itself, not copied
  @SuppressWarnings("ArrayRecordComponent") // sent once and never compared
  record Post(
      String session, Map<String, String> headers, Duration patience, Message message, byte[] bytes)
      implements Departure {}

  /// Listens to what the server sends on its own (legacy), or resumes a stream.
  record Listen(String session, Map<String, String> headers, Duration patience)
      implements Departure {}

  /// Ends the session.
  record Leave(String session, Map<String, String> headers, Duration patience)
      implements Departure {}
}
