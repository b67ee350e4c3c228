package dev.remit.server.settings;

import java.util.regex.Pattern;

/// A number of bytes, written `512B`, `64KiB`, `4MiB` or `1GiB`.
///
/// @param bytes 0 or more
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)");

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size must not be negative, was " + bytes);
    }
  }

  public static ByteSize parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("a size is written like `64KiB` or `4MiB`");
    }
    int shift =
        switch (form.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), 1L << shift));
  }

  /// The size for where memory is addressed, at most `Integer.MAX_VALUE`.
  public int asInt() {
    return Math.toIntExact(bytes);
  }
}
