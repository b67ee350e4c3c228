package dev.remit.cli.connect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The head of an HTTP/1.1 message: its first line and its header lines, as they came.
///
/// Whatever could be understood in two ways is refused, so that nobody can smuggle a second message
/// past the first: folded lines, blanks before the colon, both kinds of framing, framing that is
/// said twice.
///
/// Source: RFC 9112, sections 2 to 6.
///
/// @param start the request or status line
/// @param lines the header lines, without their ends
record Head(String start, List<String> lines) {
  private static final int BYTES_MAX = 64 * 1024;

  /// What concerns only one connection and is therefore said anew on the next.
  private static final Set<String> HOP_BY_HOP =
      Set.of("connection", "keep-alive", "proxy-connection", "proxy-authenticate", "te", "upgrade");

  Head {
    lines = List.copyOf(lines);
  }

  /// Reads one head; empty where the other side has closed before its first byte.
  static Optional<Head> read(InputStream in) throws IOException {
    var text = new ByteArrayOutputStream(1024);
    var lines = new ArrayList<String>();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b != '\n') {
        text.write(b);
        if (text.size() > BYTES_MAX) {
          throw new Malformed("a head of more than " + BYTES_MAX + " bytes");
        }
        continue;
      }
      var line = text.toString(StandardCharsets.ISO_8859_1).replaceFirst("\r$", "");
      text.reset();
      if (!line.isEmpty()) {
        lines.add(line);
      } else if (!lines.isEmpty()) {
        return Optional.of(new Head(lines.getFirst(), lines.subList(1, lines.size())).checked());
      }
      if (lines.size() > 256) {
        throw new Malformed("a head of more than 256 lines");
      }
    }
    if (lines.isEmpty() && text.size() == 0) {
      return Optional.empty();
    }
    throw new Malformed("a head that is cut short");
  }

  /// The message cannot be understood in exactly one way.
  static final class Malformed extends IOException {
    private static final long serialVersionUID = 1L;

    Malformed(String why) {
      super(why);
    }
  }

  private Head checked() throws Malformed {
    for (var line : lines) {
      int colon = line.indexOf(':');
      if (colon <= 0 || !line.substring(0, colon).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
        throw new Malformed("a header line that is none");
      }
    }
    boolean chunked = !all("transfer-encoding").isEmpty();
    if (all("content-length").size() > 1
        || (chunked && !all("content-length").isEmpty())
        || all("host").size() > 1) {
      throw new Malformed("a header that is said twice");
    }
    if (chunked && !all("transfer-encoding").equals(List.of("chunked"))) {
      throw new Malformed("a transfer coding other than chunked");
    }
    return this;
  }

  private static String name(String line) {
    return line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
  }

  List<String> all(String name) {
    return lines.stream()
        .filter(line -> name(line).equals(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .toList();
  }

  Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  boolean isChunked() {
    return !all("transfer-encoding").isEmpty();
  }

  OptionalLong contentLength() throws Malformed {
    var text = first("content-length");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!text.get().matches("[0-9]{1,15}")) {
      throw new Malformed("a content length that is no number");
    }
    return OptionalLong.of(Long.parseLong(text.get()));
  }

  boolean wantsClose() {
    var said = first("connection").orElse("").toLowerCase(Locale.ROOT);
    return said.contains("close") || (start.endsWith("HTTP/1.0") && !said.contains("keep-alive"));
  }

  int status() {
    var parts = start.split(" ", 3);
    return parts.length > 1 && parts[1].matches("[1-5][0-9]{2}") ? Integer.parseInt(parts[1]) : 502;
  }

  /// Returns this head with another first line, without the headers named and those that concern
  /// only one connection, and with `added` lines.
  Head with(String newStart, Set<String> without, List<String> added) {
    var kept = new ArrayList<String>();
    for (var line : lines) {
      var name = name(line);
      if (!HOP_BY_HOP.contains(name) && !without.contains(name)) {
        kept.add(line);
      }
    }
    kept.addAll(added);
    return new Head(newStart, kept);
  }

  byte[] bytes() {
    return (start + "\r\n" + String.join("\r\n", lines) + "\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
