package dev.remit.kernel.canonical;

import java.util.Base64;

/// Base64 of which each text stands for its own bytes: one text for each value.
///
/// Java's decoders take several texts for the same bytes: the last character has bits that stand
/// for nothing, and padding may be left out. A signature or hash that can be rewritten without
/// being wrong is a changed byte that nobody notices.
///
/// Errors: a text that is not base64, or not the one way to write its bytes, is an
/// [IllegalArgumentException].
///
/// Source: RFC 4648, sections 3.5 and 4 (padded), and section 5 (for URLs, unpadded).
public final class CanonicalBase64 {

  private CanonicalBase64() {}

  /// Reads the standard alphabet, padded.
  public static byte[] decode(String text) {
    return decode(text, Base64.getDecoder(), Base64.getEncoder());
  }

  /// Reads the alphabet for URLs, without padding.
  public static byte[] decodeUrl(String text) {
    return decode(text, Base64.getUrlDecoder(), Base64.getUrlEncoder().withoutPadding());
  }

  private static byte[] decode(String text, Base64.Decoder decoder, Base64.Encoder encoder) {
    byte[] bytes = decoder.decode(text);
    if (!encoder.encodeToString(bytes).equals(text)) {
      throw new IllegalArgumentException(
          "not canonical base64: `"
              + text.substring(Math.max(0, text.length() - 8))
              + "` at its end has bits or padding that an encoder would not write");
    }
    return bytes;
  }
}
