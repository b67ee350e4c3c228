package dev.remit.kernel.ledger;

/// Whether a log that a verifier knows has signed a checkpoint.
public sealed interface CheckpointCheck {

  /// It has, with a key that signs for this size.
  record Proven(Checkpoint checkpoint, NoteKey by) implements CheckpointCheck {}

  /// None of the known keys has signed it.
  record UnknownLog(String origin) implements CheckpointCheck {}

  record WrongSignature(String keyName) implements CheckpointCheck {}

  /// One log's key has signed for another log.
  record OtherLog(String keyName, String origin) implements CheckpointCheck {}

  /// The signature is right, and the key was not, or no longer, in use at this size.
  record OutsideSpan(LogKey key, long size) implements CheckpointCheck {}

  /// Returns what is wrong with it, in one sentence; empty when nothing is.
  default String wrong() {
    return switch (this) {
      case Proven _ -> "";
      case UnknownLog(var origin) -> "no known key has signed a checkpoint of `" + origin + "`";
      case WrongSignature(var name) -> "the signature of `" + name + "` on a checkpoint is wrong";
      case OtherLog(var name, var origin) ->
          "`" + name + "` signed a checkpoint of `" + origin + "`";
      case OutsideSpan(var key, var size) ->
          "a checkpoint of %d entries is signed with a key of `%s` for %s"
              .formatted(size, key.key().name(), key.span());
    };
  }
}
