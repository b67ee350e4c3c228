package dev.remit.server.gateway.wire;

import java.nio.charset.StandardCharsets;

/// One server-sent event with the exact bytes it came in.
///
/// @param bytes every byte of it, the closing blank line included
/// @param data the joined `data` lines; empty when it only primes, paces or keeps alive
/// @param id its `id`, or empty
@SuppressWarnings("ArrayRecordComponent") // passed on once and never compared
public record Event(byte[] bytes, byte[] data, String id) {

  /// An event of our own that carries `message`.
  public static Event of(byte[] message) {
    var text = "event: message\ndata: " + new String(message, StandardCharsets.UTF_8) + "\n\n";
    return new Event(text.getBytes(StandardCharsets.UTF_8), message, "");
  }

  /// The same event with another message in it.
  public Event carrying(byte[] message) {
    var text =
        (id.isEmpty() ? "" : "id: " + id + "\n")
            + "event: message\ndata: "
            + new String(message, StandardCharsets.UTF_8)
            + "\n\n";
    return new Event(text.getBytes(StandardCharsets.UTF_8), message, id);
  }

  public boolean carriesMessage() {
    return data.length > 0;
  }
}
