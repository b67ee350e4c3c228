package dev.remit.server.tokens;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.BitSet;
import java.util.zip.Deflater;

/// The member `lst` of a status list: one bit for each place, the first in the lowest bit of the
/// first byte, compressed (RFC 1950) and written in base64url.
///
/// Source: draft-ietf-oauth-status-list-21, sections 4.1 and 4.2.
final class StatusBits {
  private StatusBits() {}

  /// @param set the places whose tokens do not hold; all below `size`
  /// @param size how many places there are, a multiple of 8
  static String encode(BitSet set, int size) {
    var bytes = new byte[size / 8];
    var shorter = set.toByteArray();
    System.arraycopy(shorter, 0, bytes, 0, shorter.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(compressed(bytes));
  }

  private static byte[] compressed(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    var buffer = new byte[4096];
    try (var deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
      deflater.setInput(bytes);
      deflater.finish();
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
    }
    return out.toByteArray();
  }
}
