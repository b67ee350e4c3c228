package dev.remit.kernel.ledger;

import java.util.List;
import java.util.Optional;

/// What verifying a ledger has shown.
///
/// @param checkpoint the signed claim that was verified; empty when there was none to believe
/// @param damages what is wrong, by place; empty when the ledger holds
/// @param entries how many entries were read and matched the tree
/// @param checkpoints how many older checkpoints were verified besides
/// @param epochs how many epochs of producers were numbered without gaps
/// @param sealed how many of those ended in an orderly way
/// @param pairs how many decisions had their outcome
/// @param open ids of allowed calls without an outcome, at most the first 100
/// @param openCount how many there are
/// @param keys those that were believed: the given ones and those that the log names after them
/// @param witnessed what the given witnesses have seen
public record AuditReport(
    Optional<Checkpoint> checkpoint,
    List<Damage> damages,
    long entries,
    long checkpoints,
    long epochs,
    long sealed,
    long pairs,
    List<String> open,
    long openCount,
    LogKeys keys,
    Witnessed witnessed) {

  public AuditReport {
    damages = List.copyOf(damages);
    open = List.copyOf(open);
  }

  /// Whether everything that could be checked holds.
  public boolean holds() {
    return damages.isEmpty() && checkpoint.isPresent();
  }
}
