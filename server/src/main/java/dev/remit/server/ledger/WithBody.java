package dev.remit.server.ledger;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.Optional;

/// An entry and one of its bodies as they are stored: read by one thread, parsed and decrypted by
/// whichever asks.
public final class WithBody {
  private final long index;
  private final byte[] bytes;
  private final String name;
  private final Optional<StoredBody> stored;
  private final LedgerReader reader;

  /// @param stored empty once it was erased; its ciphertext is empty where it is too long to be
  ///   read before it is asked for
  WithBody(
      long index, byte[] bytes, String name, Optional<StoredBody> stored, LedgerReader reader) {
    this.index = index;
    this.bytes = bytes;
    this.name = name;
    this.stored = stored;
    this.reader = reader;
  }

  /// What there is of a body.
  public sealed interface Content {

    /// It is there.
    ///
    /// @param bytes not copied
    @SuppressWarnings("ArrayRecordComponent") // Handed on once, never compared.
    record Present(byte[] bytes) implements Content {}

    /// It was there once; its key was destroyed.
    record Erased() implements Content {}

    /// The entry never had one of that name.
    record None() implements Content {}
  }

  /// The entry's place in the log.
  public long index() {
    return index;
  }

  /// Reads the entry.
  ///
  /// @throws LedgerDamagedException if what is stored is no entry
  public RecordedEntry entry() {
    return LedgerReader.recorded(index, bytes);
  }

  /// Returns the body of `entry`, which is [#entry], compared with its commitment.
  ///
  /// @throws IllegalStateException if what is stored is not what was recorded
  public Content body(RecordedEntry entry) {
    var commitment = entry.content().path("bodies").path(name).path("commitment");
    if (!commitment.isString()) {
      return new Content.None();
    }
    if (stored.isEmpty()) {
      return new Content.Erased();
    }
    if (stored.get().ciphertext().isEmpty()) {
      return reader
          .body(entry, name)
          .<Content>map(Content.Present::new)
          .orElseGet(Content.Erased::new);
    }
    var digest = new Digest(commitment.stringValue());
    return new Content.Present(reader.open(name, stored.get(), digest));
  }
}
