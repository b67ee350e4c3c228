package dev.remit.server.gateway.wire;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// One server-sent event with the exact bytes it came in.
///
/// @param bytes every byte of it, the closing blank line included
/// @param data the joined `data` lines; empty when it only primes, paces or keeps alive
/// @param id its `id`, or empty
@SuppressWarnings("ArrayRecordComponent") // passed on once and never compared
public record Event(byte[] bytes, byte[] data, String id) {

  /// A comment, which says nothing but that the stream is alive.
  public static final Event KEEP_ALIVE =
      new Event(":\n\n".getBytes(StandardCharsets.UTF_8), new byte[0], "");

  /// An event of our own that carries `message`.
  public static Event of(byte[] message) {
    var text = "event: message\n" + data(message) + "\n";
    return new Event(text.getBytes(StandardCharsets.UTF_8), message, "");
  }

  /// The same event with another message in it.
  public Event carrying(byte[] message) {
    var text = (id.isEmpty() ? "" : "id: " + id + "\n") + "event: message\n" + data(message) + "\n";
    return new Event(text.getBytes(StandardCharsets.UTF_8), message, id);
  }

  /// A line of the message is a line of its own: a bare line end would end the event.
  private static String data(byte[] message) {
    return new String(message, StandardCharsets.UTF_8)
        .lines()
        .map(line -> "data: " + line + "\n")
        .collect(Collectors.joining());
  }

  public boolean carriesMessage() {
    return data.length > 0;
  }
}
