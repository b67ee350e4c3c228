package dev.remit.server.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/// The key that wraps everything secret in the database: signing keys and stored credentials.
///
/// A Tink AES-256-GCM keyset in Tink's JSON form, base64 in the environment variable
/// `REMIT_MASTER_KEY`, else as it is in `master.key` of the data directory (mode 0600, created on
/// first use). Nodes over one database share it through the environment. Without it what it wrapped
/// is lost; that is its purpose.
///
/// Errors: a key file that others may read, or a keyset that does not parse, stops the start.
public final class MasterKey {
  /// The environment variable that is read before the file.
  public static final String VARIABLE = "REMIT_MASTER_KEY";

  private static final String FILE = "master.key";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Aead aead;

  private MasterKey(Aead aead) {
    this.aead = aead;
  }

  /// Reads the key from `environment` or from `data`, creating the file where there is neither.
  public static MasterKey open(Path data, Map<String, String> environment) {
    var given = environment.get(VARIABLE);
    if (given != null && !given.isBlank()) {
      return parse(decoded(given), "the environment variable " + VARIABLE);
    }
    var file = data.resolve(FILE);
    try {
      return parse(readOrCreate(file), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or create the master key in " + file, e);
    }
  }

  /// Returns `plain` encrypted and bound to `purpose`: it opens for the same purpose only.
  public byte[] wrap(byte[] plain, String purpose) {
    try {
      return aead.encrypt(plain, purpose.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt for " + purpose, e);
    }
  }

  /// Returns what [#wrap] was given.
  ///
  /// @throws IllegalStateException if it was wrapped by another key or for another purpose, or was
  ///   altered since
  public byte[] unwrap(byte[] wrapped, String purpose) {
    try {
      return aead.decrypt(wrapped, purpose.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "cannot decrypt for " + purpose + ": another master key, or the row was altered", e);
    }
  }

  @Override
  public String toString() {
    return "MasterKey[redacted]";
  }

  private static String readOrCreate(Path file) throws IOException {
    try {
      return read(file);
    } catch (NoSuchFileException absent) {
      create(file);
      return read(file);
    }
  }

  private static String read(Path file) throws IOException {
    var text = Files.readString(file);
    if (!Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
      throw new IllegalStateException(file + " may be read by others; run: chmod 600 " + file);
    }
    return text;
  }

  /// Written aside, forced to disk and linked into place, so that a crash leaves a whole key or
  /// none, and of two nodes that start at once both read the same one.
  private static void create(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var aside = file.resolveSibling(FILE + "." + ProcessHandle.current().pid() + ".new");
    Files.deleteIfExists(aside);
    Files.createFile(aside, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    Files.writeString(aside, fresh(), StandardOpenOption.SYNC);
    try {
      Files.createLink(file, aside);
    } catch (FileAlreadyExistsException anotherNodeWasFirst) {
      return;
    } finally {
      Files.delete(aside);
    }
  }

  private static String fresh() {
    try {
      var handle =
          KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get());
      return TinkJsonProtoKeysetFormat.serializeKeyset(
          handle, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot generate a master key", e);
    }
  }

  private static MasterKey parse(String keyset, String from) {
    try {
      var handle =
          TinkJsonProtoKeysetFormat.parseKeyset(
              keyset, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
      return new MasterKey(handle.getPrimitive(AeadConfig2026.get(), Aead.class));
    } catch (GeneralSecurityException e) {
      // Not chained: Tink's message may quote the keyset.
      throw new IllegalStateException(from + " does not hold a Tink AEAD keyset");
    }
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          VARIABLE + " is not base64; encode the content of master.key with: base64 -w0", e);
    }
  }
}
