package dev.remit.server.tokens;

import dev.remit.server.store.Tx;
import java.time.Instant;

/// One part of taking access away, told by the feature that does it: open calls, held calls,
/// sessions at databases. What it says must be true of all nodes, so it is read from the database.
public interface ControlPart {

  /// Its name in the record, such as `holds`.
  String name();

  /// Looks how far it is.
  ///
  /// @param begun when the suspension was said, or the task ended
  Look look(Tx tx, Taken taken, Instant begun);

  /// How far it is.
  ///
  /// @param gone how many are seen to be gone
  /// @param left how many are not; 0 ends the measurement of this part
  record Look(long gone, long left) {}
}
