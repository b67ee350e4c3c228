package dev.remit.server.witness;

import dev.remit.kernel.ledger.NoteKey;
import java.net.URI;

/// Somebody who cosigns this log's checkpoints.
///
/// @param url its submission prefix, without a slash at the end
/// @param key by which its cosignatures are known
public record Witness(URI url, NoteKey key) {

  public Witness {
    if (key.kind() != NoteKey.Kind.WITNESS) {
      throw new IllegalArgumentException(
          "the key of `" + key.name() + "` is a log's, where a witness's is due");
    }
  }

  String name() {
    return key.name();
  }
}
