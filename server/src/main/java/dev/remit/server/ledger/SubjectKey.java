package dev.remit.server.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A key-encryption key for what is kept about one subject on one day, opened.
///
/// Wraps with AES-256-GCM: a fresh 12-byte nonce, then the ciphertext, bound to the purpose. At
/// rest it is itself wrapped by the master key; see [SubjectKeys].
///
/// Source: `docs/formats/ledger-entry.md`, "Keys".
final class SubjectKey implements KeyWrap {
  static final int LENGTH = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;

  private final String name;
  private final Subject subject;
  private final Instant until;
  private final byte[] wrapped;
  private final SecretKeySpec key;

  /// Whether its row is known to be durable. Until then every batch that uses it writes the row.
  private volatile boolean stored;

  /// @param until the end of its day: no body under it is recorded then or later
  /// @param wrapped the key as it is stored
  SubjectKey(
      String name, Subject subject, Instant until, byte[] wrapped, byte[] key, boolean stored) {
    this.name = name;
    this.subject = subject;
    this.until = until;
    this.wrapped = wrapped;
    this.key = new SecretKeySpec(key, "AES");
    this.stored = stored;
  }

  @Override
  public String name() {
    return name;
  }

  Subject subject() {
    return subject;
  }

  Instant until() {
    return until;
  }

  byte[] wrapped() {
    return wrapped;
  }

  boolean isStored() {
    return stored;
  }

  void markStored() {
    stored = true;
  }

  @Override
  public byte[] wrap(byte[] plain, String purpose) {
    var nonce = random(NONCE_LENGTH);
    var sealed = crypt(Cipher.ENCRYPT_MODE, nonce, plain, purpose);
    return ByteBuffer.allocate(NONCE_LENGTH + sealed.length).put(nonce).put(sealed).array();
  }

  @Override
  public byte[] unwrap(byte[] sealed, String purpose) {
    return crypt(
        Cipher.DECRYPT_MODE,
        Arrays.copyOf(sealed, NONCE_LENGTH),
        Arrays.copyOfRange(sealed, NONCE_LENGTH, sealed.length),
        purpose);
  }

  private byte[] crypt(int mode, byte[] nonce, byte[] text, String purpose) {
    try {
      var cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot en- or decrypt for " + purpose + " by " + name, e);
    }
  }

  /// A name that sorts by time and that no two nodes make.
  static String freshName(Instant at) {
    return "kek_%012x%s".formatted(at.toEpochMilli(), HexFormat.of().formatHex(random(10)));
  }

  static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
