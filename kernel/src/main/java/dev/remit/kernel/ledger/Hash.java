package dev.remit.kernel.ledger;

import dev.remit.kernel.canonical.CanonicalBase64;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// A node of the Merkle tree: 32 bytes of SHA-256, with the domain separation of RFC 6962 section
/// 2.1 (`0x00` before a leaf, `0x01` before two children).
public final class Hash {
  public static final int LENGTH = 32;

  /// The root of a tree without entries: the hash of nothing.
  public static final Hash EMPTY = new Hash(sha256().digest());

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Returns the hash that these 32 bytes are.
  ///
  /// @throws IllegalArgumentException if they are not 32
  public static Hash of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /// Reads the 32 bytes at `offset`.
  public static Hash at(byte[] bytes, int offset) {
    return of(bytes, offset, LENGTH);
  }

  private static Hash of(byte[] bytes, int offset, int length) {
    if (length != LENGTH || offset + length > bytes.length) {
      throw new IllegalArgumentException("a hash has 32 bytes, was " + (bytes.length - offset));
    }
    return new Hash(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /// Reads the standard base64 of 32 bytes.
  ///
  /// @throws IllegalArgumentException if `text` is anything else
  public static Hash ofBase64(String text) {
    return of(CanonicalBase64.decode(text));
  }

  public static Hash ofHex(String text) {
    return of(HexFormat.of().parseHex(text));
  }

  public static Hash leaf(byte[] entry) {
    return leaf(entry, 0, entry.length);
  }

  public static Hash leaf(byte[] bytes, int offset, int length) {
    var sha = sha256();
    sha.update((byte) 0);
    sha.update(bytes, offset, length);
    return new Hash(sha.digest());
  }

  public static Hash node(Hash left, Hash right) {
    var sha = sha256();
    sha.update((byte) 1);
    sha.update(left.bytes);
    return new Hash(sha.digest(right.bytes));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /// Writes the 32 bytes at `offset`.
  public void to(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, LENGTH);
  }

  /// Whether the 32 bytes at `offset` are this hash.
  public boolean isAt(byte[] other, int offset) {
    return Arrays.equals(bytes, 0, LENGTH, other, offset, offset + LENGTH);
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
