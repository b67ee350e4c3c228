package dev.remit.server.lending.postgres;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// A password that only its holder knows, and what a server needs to check it by.
///
/// Source: RFC 5802 and RFC 7677; the form of the verifier is that of PostgreSQL's `pg_authid`.
public final class Scram {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ITERATIONS = 4_096;
  private static final int PASSWORD_BYTES = 24;
  private static final int SALT_BYTES = 16;

  private Scram() {}

  /// Returns a new password: 32 characters of ASCII, which SASLprep leaves as they are.
  public static String password() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random(PASSWORD_BYTES));
  }

  /// Returns the verifier of `password` under a new salt. It tells nobody the password.
  public static String verifier(String password) {
    return verifier(password, random(SALT_BYTES), ITERATIONS);
  }

  static String verifier(String password, byte[] salt, int iterations) {
    try {
      var spec = new PBEKeySpec(password.toCharArray(), salt, iterations, 256);
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      byte[] stored = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
      byte[] server = hmac(salted, "Server Key");
      var base64 = Base64.getEncoder();
      return "SCRAM-SHA-256$%d:%s$%s:%s"
          .formatted(
              iterations,
              base64.encodeToString(salt),
              base64.encodeToString(stored),
              base64.encodeToString(server));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has PBKDF2 and SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(US_ASCII));
  }

  private static byte[] random(int size) {
    var bytes = new byte[size];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
