package dev.remit.kernel.identity;

import java.util.regex.Pattern;

/// The one grammar for declared names: a DNS label (RFC 1123), so that a name fits into a SPIFFE
/// path, a URL segment, a file name and a database role without escaping.
final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private Names() {}

  /// Returns `value` if it is a valid name.
  ///
  /// @throws IllegalArgumentException naming `noun` and the grammar
  static String checked(String noun, String value) {
    if (!LABEL.matcher(value).matches()) {
      throw new IllegalArgumentException(
          noun
              + " name `"
              + value
              + "` must be 1 to 63 lower-case letters, digits and inner hyphens");
    }
    return value;
  }
}
