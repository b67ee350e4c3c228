package dev.remit.kernel.ledger;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Reads the cosignatures on a log's checkpoints.
final class WitnessCheck {
  private final List<NoteKey> witnesses;
  private final Map<NoteKey, Long> seen = new HashMap<>();

  WitnessCheck(Collection<NoteKey> witnesses) {
    this.witnesses = List.copyOf(witnesses);
  }

  void next(SignedNote note, Checkpoint checkpoint, List<Damage> damages) {
    for (var witness : witnesses) {
      switch (note.check(List.of(witness))) {
        case NoteCheck.Signed _ -> seen.merge(witness, checkpoint.size(), Math::max);
        case NoteCheck.NobodyKnown() -> {}
        case NoteCheck.WrongSignature(var key) ->
            damages.add(
                new Damage(
                    checkpoint.size(),
                    checkpoint.size(),
                    "the cosignature of `%s` on a checkpoint of %d entries is wrong"
                        .formatted(key.name(), checkpoint.size())));
      }
    }
  }

  /// What it comes to. Two keys of one name, or one key under two names, are one witness.
  Witnessed result() {
    var names = new HashSet<String>();
    var keys = new HashSet<String>();
    var different =
        seen.entrySet().stream()
            .sorted(Map.Entry.<NoteKey, Long>comparingByValue(Comparator.reverseOrder()))
            .filter(witness ->
                !names.contains(witness.getKey().name())
                    && keys.add(Hash.leaf(witness.getKey().raw()).hex())
                    && names.add(witness.getKey().name()))
            .toList();
    return new Witnessed(
        different.stream().map(witness -> witness.getKey().name()).toList(),
        different.size() < Witnessed.ENOUGH ? 0 : different.get(Witnessed.ENOUGH - 1).getValue());
  }
}
