package dev.remit.server.ledger;

import dev.remit.kernel.canonical.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A [Body] as it is stored: AES-256-GCM over a fresh 256-bit salt and the value, under a fresh key
/// that a [KeyWrap] has wrapped.
///
/// The salt is inside the ciphertext: destroying the one key takes the salt with the value, and the
/// commitment left in the entry then says nothing even about a value that can be guessed.
///
/// Source: `docs/formats/ledger-entry.md`, "Bodies".
@SuppressWarnings("ArrayRecordComponent") // Passed from one thread to the next, never compared.
record SealedBody(
    String name, byte[] ciphertext, String kek, byte[] wrapped, Digest commitment, Digest stored) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_LENGTH = 32;
  private static final int SALT_LENGTH = 32;
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;

  static SealedBody of(Body body, KeyWrap kek) {
    // Asked for once, since each asking crosses into native code.
    var random = ByteBuffer.wrap(random(KEY_LENGTH + NONCE_LENGTH + SALT_LENGTH));
    var key = next(random, KEY_LENGTH);
    var nonce = next(random, NONCE_LENGTH);
    var salted =
        ByteBuffer.allocate(SALT_LENGTH + body.bytes().length)
            .put(random)
            .put(body.bytes())
            .array();
    var sealed = crypt(Cipher.ENCRYPT_MODE, body.name(), key, nonce, salted);
    var ciphertext =
        ByteBuffer.allocate(NONCE_LENGTH + sealed.length).put(nonce).put(sealed).array();
    return new SealedBody(
        body.name(),
        ciphertext,
        kek.name(),
        kek.wrap(key, purpose(body.name())),
        Digest.of(salted),
        Digest.of(ciphertext));
  }

  /// Returns the value without its salt.
  static byte[] value(byte[] salted) {
    return Arrays.copyOfRange(salted, SALT_LENGTH, salted.length);
  }

  /// Returns the salt and the value.
  ///
  /// @throws IllegalStateException if it is not the value that `commitment` was made over
  static byte[] openSalted(
      String name, byte[] ciphertext, byte[] wrapped, Digest commitment, KeyWrap kek) {
    var salted =
        crypt(
            Cipher.DECRYPT_MODE,
            name,
            kek.unwrap(wrapped, purpose(name)),
            Arrays.copyOf(ciphertext, NONCE_LENGTH),
            Arrays.copyOfRange(ciphertext, NONCE_LENGTH, ciphertext.length));
    if (!Digest.of(salted).equals(commitment)) {
      throw new IllegalStateException("the body `" + name + "` is not the one that was recorded");
    }
    return salted;
  }

  private static byte[] crypt(int mode, String name, byte[] key, byte[] nonce, byte[] text) {
    try {
      var cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(purpose(name).getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the body `" + name + "` cannot be en- or decrypted", e);
    }
  }

  private static String purpose(String name) {
    return "remit ledger body v1 " + name;
  }

  private static byte[] next(ByteBuffer bytes, int length) {
    var next = new byte[length];
    bytes.get(next);
    return next;
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
