package dev.remit.server.witness;

import dev.remit.kernel.ledger.NoteSignature;

/// What a witness answered.
sealed interface WitnessReply {

  /// It has cosigned.
  record Cosigned(NoteSignature line) implements WitnessReply {}

  /// The last checkpoint that it cosigned has this size.
  record Seen(long size) implements WitnessReply {}

  /// It does not agree that the checkpoint continues what it cosigned.
  record Inconsistent(String why) implements WitnessReply {}

  /// It does not know the log, or not the key that signs now.
  record Stranger(String why) implements WitnessReply {}

  /// It cannot be asked now, or says something else.
  record Away(String why) implements WitnessReply {}
}
