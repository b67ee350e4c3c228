package dev.remit.server.signin;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.store.Row;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Passkeys at rest: table `passkey`. A public key each, and nothing secret.
final class PasskeyStore {

  /// @param id the credential's, in base64url
  /// @param label what its person calls it
  /// @param credential the attested credential data (WebAuthn, section 6.5.1)
  /// @param counter of signatures, as it said last; 0 where the authenticator keeps none
  @SuppressWarnings("ArrayRecordComponent") // read once and compared never
  record Kept(
      String id,
      PersonName person,
      String label,
      byte[] credential,
      long counter,
      Instant addedAt,
      Optional<Instant> usedAt) {}

  boolean add(Tx tx, Kept fresh) {
    return tx.update(
            """
            INSERT INTO passkey (id, person, label, credential, counter, added_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            fresh.id(),
            fresh.person().value(),
            fresh.label(),
            fresh.credential(),
            fresh.counter(),
            fresh.addedAt())
        == 1;
  }

  Optional<Kept> find(Tx tx, String id) {
    return tx.one(
        """
        SELECT id, person, label, credential, counter, added_at, used_at FROM passkey WHERE id = ?
        """,
        PasskeyStore::kept,
        id);
  }

  List<Kept> of(Tx tx, PersonName person) {
    return tx.all(
        """
        SELECT id, person, label, credential, counter, added_at, used_at
          FROM passkey WHERE person = ? ORDER BY added_at, id
        """,
        PasskeyStore::kept,
        person.value());
  }

  /// Returns false if it was used at the same time.
  boolean used(Tx tx, Kept before, long counter, Instant now) {
    return tx.update(
            "UPDATE passkey SET counter = ?, used_at = ? WHERE id = ? AND counter = ?",
            counter,
            now,
            before.id(),
            before.counter())
        == 1;
  }

  boolean remove(Tx tx, String id, PersonName person) {
    return tx.update("DELETE FROM passkey WHERE id = ? AND person = ?", id, person.value()) == 1;
  }

  private static Kept kept(Row row) {
    return new Kept(
        row.text("id"),
        new PersonName(row.text("person")),
        row.text("label"),
        row.bytes("credential"),
        row.number("counter"),
        row.instant("added_at"),
        row.maybeInstant("used_at"));
  }
}
