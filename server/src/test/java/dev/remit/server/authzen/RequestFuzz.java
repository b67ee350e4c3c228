package dev.remit.server.authzen;

import dev.remit.server.authzen.RequestReader.Sought;
import dev.remit.server.gateway.wire.MessageReader;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/// What a fuzzer runs against the readers of requests: the decision API's and the gateway's. Any
/// bytes are read or refused; nothing is thrown. `build/fuzz requests SECONDS` runs it under
/// Jazzer.
public final class RequestFuzz {
  private static final RequestReader READER = new RequestReader(1024 * 1024, 32);
  private static final MessageReader MESSAGES = new MessageReader(64, 1024 * 1024);

  private RequestFuzz() {}

  /// Called by Jazzer, by this name.
  public static void fuzzerTestOneInput(byte[] data) {
    MESSAGES.read(data);
    try {
      var request = READER.object(data);
      for (var sought : Sought.values()) {
        access(request, sought);
      }
    } catch (Malformed refused) {
      // What a request may be answered with.
    }
    try {
      Semantics.of(READER.object(data));
    } catch (Malformed refused) {
      // As above.
    }
  }

  private static void access(JsonNode request, Sought sought) {
    try {
      var asked = READER.access(request, request, sought);
      StatedTask.of(asked.context(), Instant.EPOCH).facts("resource/tool");
    } catch (Malformed refused) {
      // As above.
    }
  }
}
