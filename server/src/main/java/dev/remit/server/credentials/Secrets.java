package dev.remit.server.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The stored secrets, by name.
///
/// Each value is encrypted under the [MasterKey] and bound to its name, so a row copied to another
/// name does not open. Whoever stores or deletes one is in the ledger; the value never is.
///
/// Throws [dev.remit.server.store.DatabaseUnavailable] when the database is away; a value that was
/// altered or wrapped by another master key is an [IllegalStateException].
public final class Secrets {
  private final Database database;
  private final Ledger ledger;
  private final MasterKey key;
  private final SecretStore store = new SecretStore();

  public Secrets(Database database, Ledger ledger, MasterKey key) {
    this.database = database;
    this.ledger = ledger;
    this.key = key;
  }

  /// Stores `value` under `name`, replacing what was there.
  ///
  /// @param rotate whether it was found lying about and should be replaced at its source
  public void put(SecretName name, SecretValue value, boolean rotate, PersonName by, Instant now) {
    var secret = new StoredSecret(name, rotate, by.value(), now);
    byte[] wrapped = key.wrap(value.reveal().getBytes(UTF_8), purpose(name));
    ledger.transact(recording -> {
      store.put(recording.tx(), secret, wrapped);
      recording.append(
          entry(name, by, now).with("rotate", rotate).with("sealed", Digest.of(wrapped)));
      return name;
    });
  }

  /// Returns the value, for one call; empty if nothing is stored under `name`.
  public Optional<SecretValue> open(SecretName name) {
    return database
        .transact(tx -> store.wrapped(tx, name))
        .map(wrapped -> new SecretValue(new String(key.unwrap(wrapped, purpose(name)), UTF_8)));
  }

  /// Whether something is stored under `name`.
  public boolean exists(SecretName name) {
    return database.transact(tx -> store.wrapped(tx, name)).isPresent();
  }

  /// Returns what is stored, without the values, by name.
  public List<StoredSecret> names() {
    return database.transact(store::all);
  }

  /// Forgets the value for good and says whether there was one.
  public boolean delete(SecretName name, PersonName by, Instant now) {
    return ledger.transact(recording -> {
      boolean deleted = store.delete(recording.tx(), name);
      if (deleted) {
        recording.append(entry(name, by, now).with("deleted", true));
      }
      return deleted;
    });
  }

  private static Entry entry(SecretName name, PersonName by, Instant now) {
    return Entry.of(EntryType.SECRET_STORED, now)
        .with("secret", name.value())
        .with("by", by.value());
  }

  private static String purpose(SecretName name) {
    return "secret/" + name;
  }
}
