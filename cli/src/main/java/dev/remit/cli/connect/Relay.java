package dev.remit.cli.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Passes one HTTP/1.1 body on, byte for byte and as soon as bytes arrive, up to its end.
///
/// Source: RFC 9112, sections 6 and 7.
final class Relay {
  private static final int BUFFER_BYTES = 32 * 1024;
  private static final int CHUNK_LINE_MAX = 4096;

  private Relay() {}

  static void exactly(long length, InputStream in, OutputStream out) throws IOException {
    var buffer = new byte[BUFFER_BYTES];
    for (long left = length; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new IOException("a body that is cut short");
      }
      out.write(buffer, 0, read);
      out.flush();
      left -= read;
    }
  }

  static void untilEnd(InputStream in, OutputStream out) throws IOException {
    var buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      out.write(buffer, 0, read);
      out.flush();
    }
  }

  /// Passes chunks on with their sizes, extensions and trailers as they are.
  static void chunks(InputStream in, OutputStream out) throws IOException {
    for (long size = chunkSize(in, out); size > 0; size = chunkSize(in, out)) {
      exactly(size, in, out);
      if (!line(in, out).isEmpty()) {
        throw new Head.Malformed("a chunk that does not end where it says");
      }
    }
    while (!line(in, out).isEmpty()) {
      // A trailer has been passed on.
    }
    out.flush();
  }

  private static long chunkSize(InputStream in, OutputStream out) throws IOException {
    var digits = line(in, out).split(";", 2)[0].strip();
    if (!digits.matches("[0-9A-Fa-f]{1,12}")) {
      throw new Head.Malformed("a chunk without a size");
    }
    return Long.parseLong(digits, 16);
  }

  private static String line(InputStream in, OutputStream out) throws IOException {
    var line = new java.io.ByteArrayOutputStream(32);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.size() > CHUNK_LINE_MAX) {
        throw new Head.Malformed("a chunk that is cut short");
      }
      line.write(b);
    }
    line.write('\n');
    line.writeTo(out);
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }
}
