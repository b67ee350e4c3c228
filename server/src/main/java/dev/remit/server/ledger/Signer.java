package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.NoteSignature;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.server.crypto.Crypto;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/// Signs a log's checkpoints with its Ed25519 key.
///
/// Which provider computes is the process's choice ([dev.remit.server.crypto.Crypto]); Corretto
/// signs some ten times faster than the JDK. Used by one thread.
final class Signer {
  private static final int RAW_LENGTH = 32;

  private final NoteKey key;

  private final PrivateKey secret;

  /// Ready to sign, and again after each signature: taking the key in costs more than signing.
  private final Signature signature;

  private Signer(NoteKey key, PrivateKey secret) throws GeneralSecurityException {
    this.key = key;
    this.secret = secret;
    // Whoever signs first chooses the provider for good: the JDK's own takes fifty times as long.
    Crypto.install();
    this.signature = Signature.getInstance("Ed25519");
    signature.initSign(secret);
  }

  /// A key pair that has just been made, with the private key to be kept wrapped.
  @SuppressWarnings("ArrayRecordComponent") // Goes straight into the database.
  record Fresh(NoteKey key, byte[] wrapped) {}

  static Fresh create(String origin, KeyWrap kek) {
    try {
      var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      // The last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the key itself (RFC 8410).
      byte[] spki = pair.getPublic().getEncoded();
      byte[] raw = Arrays.copyOfRange(spki, spki.length - RAW_LENGTH, spki.length);
      byte[] pkcs8 = pair.getPrivate().getEncoded();
      return new Fresh(NoteKey.of(origin, raw), kek.wrap(pkcs8, purpose(origin)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot create the signing key of `" + origin + "`", e);
    }
  }

  static Signer open(NoteKey key, byte[] wrapped, KeyWrap kek) {
    try {
      byte[] pkcs8 = kek.unwrap(wrapped, purpose(key.name()));
      var secret =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      return new Signer(key, secret);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot open the signing key of `" + key.name() + "`", e);
    }
  }

  NoteKey key() {
    return key;
  }

  SignedNote sign(Checkpoint checkpoint) {
    try {
      byte[] signed = signed(checkpoint.text().getBytes(StandardCharsets.UTF_8));
      return new SignedNote(
          checkpoint.text(), List.of(new NoteSignature(key.name(), key.id(), signed)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign a checkpoint of `" + key.name() + "`", e);
    }
  }

  private byte[] signed(byte[] text) throws GeneralSecurityException {
    try {
      signature.update(text);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      // Forgets what it was given, or the next signature would cover it too.
      signature.initSign(secret);
      throw e;
    }
  }

  private static String purpose(String origin) {
    return "remit ledger signing key v1 " + origin;
  }
}
