package dev.remit.kernel.ledger;

import dev.remit.kernel.canonical.CanonicalBase64;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// A verifier key: whose signature on a note somebody is willing to believe. Ed25519 only.
///
/// Written as `<name>+<key id, 8 hexadecimal digits>+<base64 of the kind's byte and the 32 bytes>`.
///
/// Errors: text that is no such key, or whose id does not belong to it, is an
/// [IllegalArgumentException].
///
/// Source: C2SP signed-note, "Verifier keys" and "Ed25519 signatures"; tlog-cosignature, "Format".
public final class NoteKey {
  private static final int LENGTH = 32;

  /// The fixed head of an Ed25519 SubjectPublicKeyInfo (RFC 8410).
  private static final byte[] SPKI_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  /// What a key signs, which its id and its written form say too.
  public enum Kind {
    /// A log's own: the text of the note.
    LOG((byte) 1),
    /// A witness's: the text, and when it was seen.
    WITNESS((byte) 4);

    private final byte type;

    Kind(byte type) {
      this.type = type;
    }
  }

  private final Kind kind;
  private final String name;
  private final byte[] raw;
  private final int id;
  private final PublicKey key;

  private NoteKey(Kind kind, String name, byte[] raw) {
    this.kind = kind;
    this.name = name;
    this.raw = raw;
    this.id = id(kind, name, raw);
    this.key = publicKey(raw);
  }

  /// Names a public key.
  ///
  /// @param name the log's origin, or a witness's name: no spaces, no plus
  /// @param raw the 32 bytes of the public key as RFC 8032 encodes it
  public static NoteKey of(String name, byte[] raw) {
    return of(Kind.LOG, name, raw);
  }

  public static NoteKey of(Kind kind, String name, byte[] raw) {
    if (!isName(name)) {
      throw new IllegalArgumentException("`" + name + "` cannot be the name of a key");
    }
    if (raw.length != LENGTH) {
      throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, was " + raw.length);
    }
    return new NoteKey(kind, name, raw.clone());
  }

  public static NoteKey parse(String text) {
    var parts = text.strip().split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a verifier key has the form name+id+key");
    }
    byte[] typed = CanonicalBase64.decode(parts[2]);
    var kind =
        Arrays.stream(Kind.values())
            .filter(known -> typed.length == 1 + LENGTH && typed[0] == known.type)
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "the key of `" + parts[0] + "` is not an Ed25519 key"));
    var key = of(kind, parts[0], Arrays.copyOfRange(typed, 1, typed.length));
    if (!HexFormat.of().toHexDigits(key.id).equals(parts[1])) {
      throw new IllegalArgumentException("the key id of `" + parts[0] + "` is not its own");
    }
    return key;
  }

  public Kind kind() {
    return kind;
  }

  public String name() {
    return name;
  }

  public int id() {
    return id;
  }

  /// Returns the 32 bytes of the public key.
  public byte[] raw() {
    return raw.clone();
  }

  boolean made(NoteSignature signature) {
    return signature.name().equals(name) && signature.keyId() == id;
  }

  /// Whether `signature` is this key's over `text`.
  public boolean verifies(String text, NoteSignature signature) {
    if (!made(signature)) {
      return false;
    }
    return switch (kind) {
      case LOG -> verifies(text, signature.bytes());
      case WITNESS ->
          Cosignature.of(signature)
              .filter(cosigned -> verifies(cosigned.message(text), cosigned.signature()))
              .isPresent();
    };
  }

  private boolean verifies(String text, byte[] signature) {
    try {
      var verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(text.getBytes(StandardCharsets.UTF_8));
      return verifier.verify(signature);
    } catch (GeneralSecurityException _) {
      // Bytes that are not even shaped like a signature are a wrong signature.
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteKey key
        && kind == key.kind
        && name.equals(key.name)
        && Arrays.equals(raw, key.raw);
  }

  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    var typed = new byte[1 + LENGTH];
    typed[0] = kind.type;
    System.arraycopy(raw, 0, typed, 1, LENGTH);
    return name
        + "+"
        + HexFormat.of().toHexDigits(id)
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }

  static boolean isName(String name) {
    return !name.isEmpty()
        && name.codePoints()
            .noneMatch(c -> c == '+' || c < ' ' || Character.isWhitespace(c) || isSpace(c));
  }

  private static boolean isSpace(int c) {
    return Character.isSpaceChar(c);
  }

  private static int id(Kind kind, String name, byte[] raw) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(name.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) '\n');
      sha.update(kind.type);
      return ByteBuffer.wrap(sha.digest(raw)).getInt();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static PublicKey publicKey(byte[] raw) {
    var spki = Arrays.copyOf(SPKI_HEAD, SPKI_HEAD.length + LENGTH);
    System.arraycopy(raw, 0, spki, SPKI_HEAD.length, LENGTH);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an Ed25519 public key", e);
    }
  }
}
