package dev.remit.kernel.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Holds who signed the checkpoints against what the log says about its keys: each key signs up to
/// the size at which its last entry names the next one, and not beyond.
final class SpanCheck {
  private final Map<Long, NoteKey> signers = new HashMap<>();

  /// First size that a key signs for, by what the log records; the first key from the beginning.
  private final TreeMap<Long, NoteKey> from = new TreeMap<>();

  void signed(long size, NoteKey by) {
    signers.put(size, by);
  }

  void next(RecordedEntry entry) {
    Optional<NoteKey> key;
    try {
      key = entry.ledgerKey();
    } catch (IllegalArgumentException e) {
      // Nobody can sign with it; the checkpoints after it say by whom they are.
      key = Optional.empty();
    }
    key.ifPresent(named -> from.put(from.isEmpty() ? 0 : entry.index() + 2, named));
  }

  void finish(List<Damage> damages) {
    signers.forEach((size, by) -> {
      var due = from.floorEntry(size);
      if (due != null && !due.getValue().equals(by)) {
        damages.add(
            new Damage(
                size,
                size,
                "a checkpoint of %d entries is signed with %s, where the log says that %s signs"
                    .formatted(size, by, due.getValue())));
      }
    });
  }
}
