package dev.remit.cli.connect;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Reads server-sent events, one at a time, as they arrive.
///
/// Remembers the last event id and the wish for a pause, which a reconnecting client needs.
///
/// Source: the HTML standard, section 9.2 (server-sent events).
public final class EventStream implements AutoCloseable {
  private static final int LINE_BYTES_MAX = 64 * 1024 * 1024;

  private final InputStream in;
  private Optional<String> lastId;
  private Duration pause = Duration.ofSeconds(1);
  private boolean afterReturn;

  public EventStream(InputStream in, Optional<String> lastId) {
    this.in = new BufferedInputStream(in);
    this.lastId = lastId;
  }

  public Optional<String> lastId() {
    return lastId;
  }

  public Duration pause() {
    return pause;
  }

  /// Returns the data of the next event that has any; empty at the end of the stream.
  public Optional<byte[]> next() throws IOException {
    var data = new ByteArrayOutputStream();
    boolean any = false;
    for (var line = line(); line.isPresent(); line = line()) {
      var bytes = line.get();
      if (bytes.length == 0) {
        if (any && data.size() > 0) {
          return Optional.of(data.toByteArray());
        }
        any = false;
        data.reset();
      } else {
        any |= field(bytes, data, any);
      }
    }
    return Optional.empty();
  }

  /// Takes in one line; returns whether it was data.
  private boolean field(byte[] line, ByteArrayOutputStream data, boolean any) {
    int colon = indexOf(line, ':');
    var name = new String(line, 0, colon < 0 ? line.length : colon, StandardCharsets.UTF_8);
    int start = colon < 0 ? line.length : colon + 1;
    if (start < line.length && line[start] == ' ') {
      start++;
    }
    switch (name) {
      case "data" -> {
        if (any) {
          data.write('\n');
        }
        data.write(line, start, line.length - start);
        return true;
      }
      case "id" -> lastId = Optional.of(text(line, start));
      case "retry" -> pause = pause(text(line, start));
      default -> {
        // `event` and comments mean nothing to this protocol.
      }
    }
    return false;
  }

  private Duration pause(String millis) {
    return millis.matches("[0-9]{1,7}") ? Duration.ofMillis(Long.parseLong(millis)) : pause;
  }

  private static String text(byte[] line, int start) {
    return new String(line, start, line.length - start, StandardCharsets.UTF_8);
  }

  private static int indexOf(byte[] line, char wanted) {
    for (int i = 0; i < line.length; i++) {
      if (line[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /// Returns one line without its end, which is LF, CR or CR LF; empty at the end of the stream.
  private Optional<byte[]> line() throws IOException {
    var line = new ByteArrayOutputStream(256);
    for (int b = in.read(); b >= 0; b = in.read()) {
      boolean secondHalf = b == '\n' && afterReturn;
      afterReturn = b == '\r';
      if (secondHalf) {
        continue;
      }
      if (b == '\n' || b == '\r') {
        return Optional.of(line.toByteArray());
      }
      line.write(b);
      if (line.size() > LINE_BYTES_MAX) {
        throw new IOException("an event of more than " + LINE_BYTES_MAX + " bytes");
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
