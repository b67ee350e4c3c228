package dev.remit.kernel.ledger;

import java.nio.charset.StandardCharsets;

/// The canonical bytes of an entry with a gap where its number goes.
///
/// Callers write them in their own threads; the one thread that numbers entries only fills the gap.
public final class UnnumberedEntry {
  private static final int DIGITS_MAX = 16;

  private final byte[] head;
  private final byte[] tail;

  UnnumberedEntry(byte[] head, byte[] tail) {
    this.head = head;
    this.tail = tail;
    if (lengthMax() > Entry.BYTES_MAX) {
      throw new IllegalArgumentException(
          "a ledger entry must be shorter than 64 KiB, was " + lengthMax() + " bytes");
    }
  }

  /// Returns the most bytes that this can become.
  public int lengthMax() {
    return head.length + DIGITS_MAX + tail.length;
  }

  /// Returns the entry's canonical bytes.
  ///
  /// @param n its number within the producer's epoch, from 1
  public byte[] numbered(long n) {
    byte[] digits = Long.toString(n).getBytes(StandardCharsets.US_ASCII);
    var bytes = new byte[head.length + digits.length + tail.length];
    System.arraycopy(head, 0, bytes, 0, head.length);
    System.arraycopy(digits, 0, bytes, head.length, digits.length);
    System.arraycopy(tail, 0, bytes, head.length + digits.length, tail.length);
    return bytes;
  }
}
