package dev.remit.kernel.canonical;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 digest (FIPS 180-4), written `sha256:` and 64 lower-case hexadecimal digits.
public record Digest(String value) implements Comparable<Digest> {
  private static final String PREFIX = "sha256:";
  private static final int LENGTH = PREFIX.length() + 64;

  public Digest {
    if (!isWellFormed(value)) {
      throw new IllegalArgumentException(
          "`" + value + "` is not a digest of the form sha256: and 64 hexadecimal digits");
    }
  }

  public static Digest of(byte[] bytes) {
    return new Digest(PREFIX + HexFormat.of().formatHex(sha256().digest(bytes)));
  }

  public static Digest of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Returns the 32 bytes.
  public byte[] bytes() {
    return HexFormat.of().parseHex(value, PREFIX.length(), value.length());
  }

  @Override
  public int compareTo(Digest other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  /// Without a pattern, since each governed call makes a dozen digests.
  private static boolean isWellFormed(String value) {
    if (value.length() != LENGTH || !value.startsWith(PREFIX)) {
      return false;
    }
    for (int i = PREFIX.length(); i < LENGTH; i++) {
      char c = value.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
