package dev.remit.conformance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Writes to a file that is as long as it will be, and waits for the disk each time: how often a
/// database on this disk could commit if committing were all it did.
final class FsyncLoop implements AutoCloseable {
  private static final int FILE_BYTES = 16 * 1024 * 1024;

  private final FileChannel file;

  FsyncLoop(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    file.write(ByteBuffer.allocate(FILE_BYTES));
    file.force(true);
  }

  /// Writes the entries of `callers` and forces them, over and over.
  Measured run(int callers, int millis) {
    var bytes = ByteBuffer.allocate(callers * LedgerBench.ENTRY_BYTES);
    return Batches.run(
        callers,
        millis,
        () -> {
          bytes.rewind();
          try {
            file.write(bytes, 0);
            file.force(false);
          } catch (IOException e) {
            throw new UncheckedIOException("write and wait for the disk", e);
          }
        });
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
