package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.CheckpointCheck;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.KeyChain;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.Proofs;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.server.store.Database;
import java.util.List;
import java.util.Optional;

/// Looks at a log as somebody would who remembers an earlier checkpoint of it, and says whether
/// what is stored now continues that one.
///
/// Compares signatures and the tree, not the bytes of entries with their leaves: that is
/// [dev.remit.kernel.ledger.LedgerAudit].
public final class LogLook {
  private final Database database;

  public LogLook(Database database) {
    this.database = database;
  }

  /// What was seen of a log before, and is trusted.
  ///
  /// @param key that had signed it
  public record Known(long size, Hash root, NoteKey key) {}

  /// What a look has shown.
  public sealed interface Shown {

    /// It continues what was known.
    ///
    /// @param last its last entry
    record Continues(Checkpoint checkpoint, SignedNote note, NoteKey key, RecordedEntry last)
        implements Shown {}

    /// It has fewer entries than were seen.
    record SetBack(long seen, long size) implements Shown {}

    /// It is another tree than the one that was seen.
    record Forked(String why) implements Shown {}

    /// No key that follows the one that was seen has signed its head.
    record NotSigned(String why) implements Shown {}
  }

  /// Compares `log` with what is known of it; with its own first key where nothing is.
  public Shown look(StoredLog log, Optional<Known> known) {
    try {
      var note = SignedNote.parse(log.note());
      var checkpoint = Checkpoint.parse(note.text());
      if (!checkpoint.equals(new Checkpoint(log.origin(), log.size(), log.root()))) {
        return new Shown.Forked("the row of its head is not what its checkpoint says");
      }
      if (known.isPresent() && log.size() < known.get().size()) {
        return new Shown.SetBack(known.get().size(), log.size());
      }
      return switch (signer(log, note, known)) {
        case CheckpointCheck.Proven(_, var key) -> tree(log, note, checkpoint, key, known);
        case CheckpointCheck wrong -> new Shown.NotSigned(wrong.wrong());
      };
    } catch (IllegalArgumentException e) {
      return new Shown.Forked("its checkpoint cannot be read: " + e.getMessage());
    } catch (LedgerDamagedException e) {
      return new Shown.Forked(String.valueOf(e.getMessage()));
    }
  }

  private CheckpointCheck signer(StoredLog log, SignedNote note, Optional<Known> known) {
    var files = new ServedFiles(database, log.log());
    var trusted =
        known
            .map(seen -> LogKeys.of(List.of(seen.key())))
            .orElseGet(() -> new LogKeys(files.keys().keys().stream().limit(1).toList()));
    var check = trusted.check(note);
    // Only a key that changed costs a walk along the chain.
    return check instanceof CheckpointCheck.Proven
        ? check
        : KeyChain.follow(files, trusted).check(note);
  }

  private Shown tree(
      StoredLog log, SignedNote note, Checkpoint checkpoint, NoteKey key, Optional<Known> known) {
    return database.transact(tx -> {
      var nodes = new StoredNodes(tx, log.log());
      if (!Proofs.root(nodes, log.size()).equals(log.root())) {
        return new Shown.Forked("its stored tree is not the one that its head names");
      }
      var before = known.filter(seen -> seen.size() > 0);
      if (before.isPresent()
          && !Proofs.root(nodes, before.get().size()).equals(before.get().root())) {
        return new Shown.Forked(
            "its first %,d entries are not those that were seen".formatted(before.get().size()));
      }
      var last =
          tx.one(
                  "SELECT bytes FROM ledger_entry WHERE log = ? AND index = ?",
                  row -> LedgerReader.recorded(log.size() - 1, row.bytes("bytes")),
                  log.log(),
                  log.size() - 1)
              .orElseThrow(() -> new LedgerDamagedException("its last entry is gone"));
      return new Shown.Continues(checkpoint, note, key, last);
    });
  }
}
