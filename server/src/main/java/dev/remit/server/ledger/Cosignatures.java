package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.NoteSignature;
import dev.remit.kernel.ledger.Proofs;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.server.store.Database;
import java.time.Instant;
import java.util.List;

/// What there is to send to witnesses, and what they have said: table `ledger_cosignature`.
///
/// Sees what is durable and takes no part in appending. A cosignature is served with its checkpoint
/// from then on.
public final class Cosignatures {
  private final Database database;
  private final String origin;
  private final int log;

  public Cosignatures(Database database, Ledger ledger) {
    this.database = database;
    this.origin = ledger.origin();
    this.log = ledger.log();
  }

  /// Name of the log.
  public String origin() {
    return origin;
  }

  /// Returns the newest checkpoint, as the log alone has signed it.
  public SignedNote newest() {
    return new ServedFiles(database, log).unwitnessed();
  }

  /// Returns the proof that the first `size` entries continue the first `before`.
  ///
  /// @throws LedgerDamagedException if the stored tree lacks a part
  public List<Hash> continuing(long before, long size) {
    return database.transact(tx -> Proofs.consistency(new StoredNodes(tx, log), before, size));
  }

  /// Returns the size that `witness` cosigned last, as far as it has told.
  public long lastSize(NoteKey witness) {
    return database
        .transact(tx ->
            tx.one(
                """
                SELECT max(size) AS size FROM ledger_cosignature WHERE log = ? AND witness = ?
                """,
                row -> row.maybeNumber("size"),
                log,
                witness.toString()))
        .flatMap(size -> size)
        .orElse(0L);
  }

  /// Keeps what `witness` said about `note`, and the note with it.
  public void keep(SignedNote note, NoteKey witness, NoteSignature line, Instant now) {
    long size = Checkpoint.parse(note.text()).size();
    database.run(tx -> {
      tx.update(
          """
          INSERT INTO ledger_checkpoint (log, size, note) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
          """,
          log,
          size,
          note.toString());
      tx.update(
          """
          INSERT INTO ledger_cosignature (log, size, witness, line, at) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO NOTHING
          """,
          log,
          size,
          witness.toString(),
          line.toString(),
          now);
    });
  }
}
