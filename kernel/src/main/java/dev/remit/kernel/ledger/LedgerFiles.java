package dev.remit.kernel.ledger;

import java.util.Optional;

/// A log as a set of files, wherever they are: a directory, a server, a zip.
///
/// Paths are those of C2SP tlog-tiles (`checkpoint`, `tile/0/000`, `tile/entries/x001/234.p/5`),
/// and `checkpoints`, in which every line is the base64 of one older signed checkpoint.
@FunctionalInterface
public interface LedgerFiles {

  /// Returns the bytes at `path`, or empty when nothing is there. Called by several threads.
  Optional<byte[]> read(String path);
}
