package dev.remit.kernel.ledger;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// A witness's statement that, at a time, a checkpoint was the largest it had seen of a log, and
/// continued all that it had seen before.
///
/// @param seconds when, since 1970, greater than 0
/// @param signature 64 bytes of Ed25519 over [#message]
///
///   Source: C2SP tlog-cosignature, "Ed25519 signed message" (`cosignature/v1`).
@SuppressWarnings("ArrayRecordComponent") // On its way from one line of a note to its check.
public record Cosignature(long seconds, byte[] signature) {
  private static final int LENGTH = 8 + 64;

  /// Reads what a signature line of a note holds; empty when it is not of this form.
  public static Optional<Cosignature> of(NoteSignature line) {
    byte[] bytes = line.bytes();
    if (bytes.length != LENGTH) {
      return Optional.empty();
    }
    long seconds = ByteBuffer.wrap(bytes).getLong();
    return seconds > 0
        ? Optional.of(new Cosignature(seconds, Arrays.copyOfRange(bytes, 8, LENGTH)))
        : Optional.empty();
  }

  /// Returns what a witness signs for the checkpoint of which `text` is the text.
  public static String message(long seconds, String text) {
    return "cosignature/v1\ntime " + seconds + "\n" + text;
  }

  String message(String text) {
    return message(seconds, text);
  }

  /// Returns the line with which `witness` says so.
  public NoteSignature line(NoteKey witness) {
    var bytes = ByteBuffer.allocate(LENGTH).putLong(seconds).put(signature).array();
    return new NoteSignature(witness.name(), witness.id(), bytes);
  }
}
