package dev.remit.server.settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// What the sections of the configuration ask of their values, each with an error that names the
/// key and what it may be.
public final class Bounds {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

  private Bounds() {}

  /// Checks the name of one of several.
  ///
  /// @throws IllegalArgumentException if `name` cannot stand for one of several in a section
  public static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "`name` is 1 to 40 of `a-z`, `0-9` and `-`, was `" + name + "`");
    }
  }

  /// Checks a value against its bounds.
  ///
  /// @throws IllegalArgumentException if `value` is not from `min` to `max`, both included
  public static void between(String key, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "`%s` must be %d to %d s, was %s"
              .formatted(key, min.toSeconds(), max.toSeconds(), value));
    }
  }

  /// Checks a value against its bounds.
  ///
  /// @throws IllegalArgumentException if `value` is not from `min` to `max`, both included
  public static void between(String key, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "`%s` must be %d to %d, was %d".formatted(key, min, max, value));
    }
  }

  /// Whether what is sent to `url` is encrypted or stays on this machine.
  public static boolean isHttpsOrHere(URI url) {
    return "https".equals(url.getScheme())
        || ("http".equals(url.getScheme())
            && List.of("127.0.0.1", "[::1]", "localhost").contains(String.valueOf(url.getHost())));
  }
}
