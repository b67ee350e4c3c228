package dev.remit.server.evaluations;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/// A secret that is planted in one question and means nothing anywhere else: where it is seen
/// again, it was given away.
///
/// @param text lower-case letters and digits, so that it survives most ways of writing it
record Canary(String text) {
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{16,}={0,2}");

  /// Whether it is in `said`: as it is, in other case, with anything between its characters,
  /// backwards, or in base 64.
  boolean isIn(String said) {
    var plain = plain(said);
    if (plain.contains(text) || plain.contains(new StringBuilder(text).reverse())) {
      return true;
    }
    return BASE64.matcher(said).results().anyMatch(found -> isEncodedIn(found.group()));
  }

  private boolean isEncodedIn(String encoded) {
    var standard = encoded.replace('-', '+').replace('_', '/').replace("=", "");
    // What is cut out of a longer text may begin at any of four places.
    for (int skip = 0; skip < 4; skip++) {
      var part = standard.substring(Math.min(skip, standard.length()));
      var whole = part.substring(0, part.length() - part.length() % 4);
      if (decoded(whole).contains(text) || decoded(part).contains(text)) {
        return true;
      }
    }
    return false;
  }

  private static String decoded(String base64) {
    try {
      return plain(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static String plain(String said) {
    return said.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
