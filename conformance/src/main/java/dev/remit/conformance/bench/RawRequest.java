package dev.remit.conformance.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// One HTTP/1.1 request as the benchmarks' upstreams read it: no more of it than they need.
///
/// @param decision what `Remit-Decision` said, or empty
record RawRequest(String body, String decision) {

  /// Reads the next one; empty at the end of the connection.
  static Optional<RawRequest> read(InputStream in) throws IOException {
    if (line(in).isEmpty()) {
      return Optional.empty();
    }
    int length = 0;
    boolean chunked = false;
    var decision = "";
    for (var header = header(in); !header.isEmpty(); header = header(in)) {
      var lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      } else if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
        chunked = true;
      } else if (lower.startsWith("remit-decision:")) {
        decision = header.substring("remit-decision:".length()).strip();
      }
    }
    var body = chunked ? chunks(in) : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return Optional.of(new RawRequest(body, decision));
  }

  private static String header(InputStream in) throws IOException {
    return line(in).orElse("");
  }

  private static String chunks(InputStream in) throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      var size = header(in);
      if (size.isEmpty()) {
        return "";
      }
      int length = Integer.parseInt(size.strip(), 16);
      body.write(in.readNBytes(length));
      header(in);
      if (length == 0) {
        return body.toString(StandardCharsets.UTF_8);
      }
    }
  }

  private static Optional<String> line(InputStream in) throws IOException {
    var line = new StringBuilder(64);
    while (true) {
      int b = in.read();
      if (b < 0) {
        return Optional.empty();
      }
      if (b == '\n') {
        return Optional.of(line.toString());
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
  }
}
