package dev.remit.cli.connect;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Standard output as the client reads it: one JSON-RPC message a line, whole and at once.
final class Lines {
  private final OutputStream out;

  Lines(OutputStream out) {
    this.out = new BufferedOutputStream(out, 64 * 1024);
  }

  /// Writes one message. Line breaks inside it can only be layout, since JSON strings escape
  /// theirs; they become blanks.
  synchronized void write(byte[] message) {
    var line = message.clone();
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\n' || line[i] == '\r') {
        line[i] = ' ';
      }
    }
    try {
      out.write(line);
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the client does not read any more", e);
    }
  }
}
