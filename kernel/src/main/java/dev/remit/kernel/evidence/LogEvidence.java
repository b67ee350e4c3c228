package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import java.util.List;

/// What one log contributes to a bundle over several.
///
/// @param name of its node; `root` for the root log
/// @param note the signed checkpoint that its entries are proved against
/// @param timestamp what an authority said of that checkpoint (RFC 3161); empty if it was not asked
/// @param entries in its order
/// @param proof the subset proof of `entries`
/// @param bodies those that are opened
/// @param redactions those that are not
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record LogEvidence(
    String name,
    SignedNote note,
    byte[] timestamp,
    List<RecordedEntry> entries,
    List<Hash> proof,
    List<OpenedBody> bodies,
    List<Redaction> redactions) {

  public LogEvidence {
    entries = List.copyOf(entries);
    proof = List.copyOf(proof);
    bodies = List.copyOf(bodies);
    redactions = List.copyOf(redactions);
  }

  Checkpoint checkpoint() {
    return Checkpoint.parse(note.text());
  }

  /// Returns where its parts are.
  String prefix() {
    return BundleParts.LOGS + name + "/";
  }
}
