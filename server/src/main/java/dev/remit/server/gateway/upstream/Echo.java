package dev.remit.server.gateway.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.server.gateway.wire.Event;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Takes out of what an upstream answers what it was told in confidence: a server that shows the
/// request it got would hand its caller our credential. Each byte becomes `*`, so that lengths and
/// everything else stay.
///
/// Finds a credential as it was sent, alone or behind its scheme (`Bearer …`), and nothing that the
/// upstream has encoded in another way. Shorter ones than 8 characters are left: they would be
/// found everywhere.
public final class Echo {
  private static final int LENGTH_MIN = 8;
  private static final Pattern SCHEMED = Pattern.compile("[A-Za-z-]+ (\\S{8,})");

  private final List<byte[]> confidential;

  public Echo(List<String> confidential) {
    this.confidential =
        confidential.stream()
            .map(Echo::alone)
            .filter(text -> text.length() >= LENGTH_MIN)
            .map(text -> text.getBytes(UTF_8))
            .toList();
  }

  private static String alone(String text) {
    var schemed = SCHEMED.matcher(text);
    return schemed.matches() ? schemed.group(1) : text;
  }

  /// Returns `bytes` themselves, altered in place where they hold something confidential.
  public byte[] without(byte[] bytes) {
    for (var one : confidential) {
      for (int at = find(bytes, one, 0); at >= 0; at = find(bytes, one, at + one.length)) {
        Arrays.fill(bytes, at, at + one.length, (byte) '*');
      }
    }
    return bytes;
  }

  /// What an event carries is in its bytes: where nothing is found there, nothing is in it.
  public Optional<Event> without(Optional<Event> event) {
    return event.filter(some -> isIn(some.bytes())).isEmpty()
        ? event
        : event.map(
            some -> new Event(without(some.bytes()), without(some.data()), without(some.id())));
  }

  private boolean isIn(byte[] bytes) {
    for (var one : confidential) {
      if (find(bytes, one, 0) >= 0) {
        return true;
      }
    }
    return false;
  }

  public String without(String text) {
    return confidential.isEmpty() ? text : new String(without(text.getBytes(UTF_8)), UTF_8);
  }

  private static int find(byte[] bytes, byte[] one, int from) {
    byte first = one[0];
    for (int at = from; at <= bytes.length - one.length; at++) {
      if (bytes[at] == first && Arrays.equals(bytes, at, at + one.length, one, 0, one.length)) {
        return at;
      }
    }
    return -1;
  }
}
