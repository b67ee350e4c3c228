package dev.remit.server.gateway.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Cuts an event stream into events without losing a byte.
///
/// Lines end with LF, CR LF or CR, as the standard allows. An unfinished event at the end of the
/// stream is dropped, which the standard demands too.
///
/// Not safe for use by several threads. Source: HTML standard, section 9.2.6.
public final class EventReader {
  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);

  private final InputStream in;
  private final int eventMax;

  /// What has come and is of no event yet, from `at` to `limit`.
  private final byte[] buffer = new byte[8_192];

  private int at;
  private int limit;
  private byte[] bytes = new byte[1_024];
  private int size;

  /// A line ended with CR: an LF that follows belongs to that ending.
  private boolean afterReturn;

  /// @param eventMax the longest event in bytes; a longer one fails the stream
  public EventReader(InputStream in, int eventMax) {
    this.in = in;
    this.eventMax = eventMax;
  }

  /// Returns the next event, or empty at the end of the stream.
  ///
  /// @throws IOException if the stream breaks or an event is longer than allowed
  public Optional<Event> next() throws IOException {
    size = 0;
    byte[] data = new byte[0];
    boolean hasData = false;
    String id = "";
    while (true) {
      int start = size;
      int end = line();
      if (end < 0) {
        return isLateLineFeed() ? Optional.of(event(new byte[0], "")) : Optional.empty();
      }
      int from = start < end && bytes[start] == '\n' ? start + 1 : start;
      if (end == from) {
        return Optional.of(event(data, id));
      }
      if (isField(DATA, from, end)) {
        data = hasData ? joined(data, from, end) : value(DATA, from, end);
        hasData = true;
      } else if (isField(ID, from, end)) {
        id = new String(value(ID, from, end), StandardCharsets.UTF_8);
      }
    }
  }

  /// Whether all that is left is the LF of a CR LF whose CR has ended an event already. Waiting for
  /// it there would hold the event back.
  private boolean isLateLineFeed() {
    return size == 1 && bytes[0] == '\n';
  }

  private Event event(byte[] data, String id) {
    return new Event(Arrays.copyOf(bytes, size), data, id);
  }

  /// Whether a whole event is here already, so that [#next] would not wait for it.
  public boolean isNextHere() {
    for (int i = at; i + 1 < limit; i++) {
      boolean isOneEnding = buffer[i] == '\r' && buffer[i + 1] == '\n';
      if (endsLine(buffer[i]) && endsLine(buffer[i + 1]) && !isOneEnding) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsLine(byte b) {
    return b == '\n' || b == '\r';
  }

  /// Appends one line with its ending to the bytes of the event.
  ///
  /// @return where the line's text ends, or -1 if the stream ended first
  private int line() throws IOException {
    while (at < limit || fill()) {
      int from = at;
      // An LF after a CR belongs to the ending of the line before.
      int to = afterReturn && buffer[at] == '\n' ? at + 1 : at;
      afterReturn = false;
      while (to < limit && !endsLine(buffer[to])) {
        to++;
      }
      if (to < limit) {
        afterReturn = buffer[to] == '\r';
        int end = size + to - from;
        append(from, to + 1);
        return end;
      }
      append(from, limit);
    }
    return -1;
  }

  private boolean fill() throws IOException {
    at = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  private void append(int from, int to) throws IOException {
    int length = to - from;
    if (length > eventMax - size) {
      throw new IOException("an event is longer than " + eventMax + " bytes");
    }
    if (length > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(2L * size, size + length), eventMax));
    }
    System.arraycopy(buffer, from, bytes, size, length);
    size += length;
    at = to;
  }

  private boolean isField(byte[] name, int from, int end) {
    int after = from + name.length;
    return after <= end
        && Arrays.equals(bytes, from, after, name, 0, name.length)
        && (after == end || bytes[after] == ':');
  }

  private byte[] value(byte[] name, int from, int end) {
    int start = Math.min(from + name.length + 1, end);
    if (start < end && bytes[start] == ' ') {
      start++;
    }
    return Arrays.copyOfRange(bytes, start, end);
  }

  private byte[] joined(byte[] before, int from, int end) {
    byte[] more = value(DATA, from, end);
    byte[] all = Arrays.copyOf(before, before.length + 1 + more.length);
    all[before.length] = '\n';
    System.arraycopy(more, 0, all, before.length + 1, more.length);
    return all;
  }
}
