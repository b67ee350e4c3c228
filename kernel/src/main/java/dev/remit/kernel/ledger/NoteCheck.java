package dev.remit.kernel.ledger;

/// Whether somebody known has signed a note.
public sealed interface NoteCheck {

  /// At least one known key signed, and none of the known keys' signatures is wrong.
  record Signed(NoteKey by) implements NoteCheck {}

  record WrongSignature(NoteKey key) implements NoteCheck {}

  record NobodyKnown() implements NoteCheck {}
}
