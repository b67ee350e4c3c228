package dev.remit.cli.witness;

import dev.remit.cli.CommandFailed;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Cosignature;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.NoteSignature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/// The key by which a witness is known, kept in the file `key` of its state directory: the verifier
/// key on the first line, the private key (PKCS #8, base64) on the second.
final class CosigningKey {
  private static final int RAW_LENGTH = 32;

  private final NoteKey key;
  private final PrivateKey secret;

  private CosigningKey(NoteKey key, PrivateKey secret) {
    this.key = key;
    this.secret = secret;
  }

  /// Opens the key in `directory`, or makes it under `name` when there is none.
  ///
  /// @throws CommandFailed if there is one under another name, or it cannot be read
  static CosigningKey openOrCreate(Path directory, String name) {
    var file = directory.resolve("key");
    var key = Files.exists(file) ? read(file) : create(file, name);
    if (!name.isEmpty() && !key.key.name().equals(name)) {
      throw new CommandFailed(
          "the key in " + file + " is that of `" + key.key.name() + "`, not of `" + name + "`",
          "give each witness a state directory of its own");
    }
    return key;
  }

  NoteKey key() {
    return key;
  }

  /// Returns the line that says that `checkpoint` was seen at `now`.
  NoteSignature cosign(Checkpoint checkpoint, Instant now) {
    try {
      var signer = Signature.getInstance("Ed25519");
      signer.initSign(secret);
      var message = Cosignature.message(now.getEpochSecond(), checkpoint.text());
      signer.update(message.getBytes(StandardCharsets.UTF_8));
      return new Cosignature(now.getEpochSecond(), signer.sign()).line(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform signs with Ed25519", e);
    }
  }

  private static CosigningKey create(Path file, String name) {
    if (name.isEmpty()) {
      throw new CommandFailed(
          "this witness has no key yet, and no name to make it under",
          "name it with --name, by a host and path of yours such as witness.example.org/remit");
    }
    try {
      var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      // The last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the key itself (RFC 8410).
      byte[] spki = pair.getPublic().getEncoded();
      byte[] raw = Arrays.copyOfRange(spki, spki.length - RAW_LENGTH, spki.length);
      var key = NoteKey.of(NoteKey.Kind.WITNESS, name, raw);
      var secret = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          file, key + "\n" + secret + "\n", StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      return new CosigningKey(key, pair.getPrivate());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          String.valueOf(e.getMessage()), "use a name without spaces and plus signs", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform makes Ed25519 keys", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static CosigningKey read(Path file) {
    try {
      var lines = Files.readAllLines(file);
      var key = NoteKey.parse(lines.getFirst());
      var pkcs8 = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines.get(1)));
      return new CosigningKey(key, KeyFactory.getInstance("Ed25519").generatePrivate(pkcs8));
    } catch (IllegalArgumentException | IndexOutOfBoundsException | GeneralSecurityException e) {
      throw new CommandFailed(
          "the witness's key in " + file + " is damaged",
          "restore it; with a new key this is another witness",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
