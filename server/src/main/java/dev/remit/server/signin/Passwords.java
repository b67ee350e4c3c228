package dev.remit.server.signin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Hashes of passwords: Argon2id (RFC 9106) with a salt of its own each, written as a PHC string
/// that says how it was made.
///
/// Each takes 19 MiB for a moment; at most four are made at once, so that trying passwords cannot
/// take the memory of whatever else runs.
final class Passwords {
  /// NIST SP 800-63B-4, section 3.1.1.1, for a password that is the only factor.
  static final int CHARS_MIN = 15;

  static final int CHARS_MAX = 128;

  // OWASP, Password Storage Cheat Sheet (2025).
  private static final Cost COST = new Cost(19_456, 2, 1);
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
              + "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  private final Semaphore atOnce = new Semaphore(4);

  private record Cost(int kibibytes, int passes, int lanes) {}

  /// Says why `password` is not good enough to be chosen by `person`.
  static Optional<String> flaw(String password, String person) {
    int length = password.codePointCount(0, password.length());
    if (length < CHARS_MIN || length > CHARS_MAX) {
      return Optional.of(
          "A password has %d to %d characters; a few words in a row do."
              .formatted(CHARS_MIN, CHARS_MAX));
    }
    if (password.codePoints().distinct().count() < 5) {
      return Optional.of("This password is one that others guess: it repeats a few characters.");
    }
    return person.length() > 2 && password.toLowerCase(Locale.ROOT).contains(person)
        ? Optional.of("A password does not hold your own name.")
        : Optional.empty();
  }

  String hash(String password) {
    var salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    var base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            COST.kibibytes(),
            COST.passes(),
            COST.lanes(),
            base64.encodeToString(salt),
            base64.encodeToString(argon2id(password, salt, COST, HASH_BYTES)));
  }

  /// Whether `password` is the one that `phc` was made of.
  boolean matches(String password, String phc) {
    var parts = PHC.matcher(phc);
    if (!parts.matches()) {
      throw new IllegalStateException("a stored password hash is not one of Argon2id");
    }
    var cost =
        new Cost(
            Integer.parseInt(parts.group(1)),
            Integer.parseInt(parts.group(2)),
            Integer.parseInt(parts.group(3)));
    var expected = Base64.getDecoder().decode(parts.group(5));
    var salt = Base64.getDecoder().decode(parts.group(4));
    return MessageDigest.isEqual(expected, argon2id(password, salt, cost, expected.length));
  }

  /// Takes as long as a real comparison, so that nobody learns by the time which names exist.
  void pretend(String password) {
    argon2id(password, new byte[SALT_BYTES], COST, HASH_BYTES);
  }

  private byte[] argon2id(String password, byte[] salt, Cost cost, int length) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.kibibytes())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .build());
    var hash = new byte[length];
    atOnce.acquireUninterruptibly();
    try {
      generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    } finally {
      atOnce.release();
    }
    return hash;
  }
}
