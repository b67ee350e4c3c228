package dev.remit.cli.witness;

import dev.remit.cli.CommandFailed;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.SignedNote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// What a witness remembers: of each log the last checkpoint that it cosigned, in a file of its
/// own.
///
/// A file is written aside, forced to the disk and moved into place before the cosignature leaves,
/// so a crash loses a cosignature and never the memory of one. One process at a time.
final class SeenCheckpoints implements AutoCloseable {
  private final Path directory;
  private final FileChannel lock;

  private SeenCheckpoints(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /// @throws CommandFailed if another process has it open
  static SeenCheckpoints open(Path directory) {
    try {
      var lock =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock.tryLock() == null) {
        lock.close();
        throw taken(directory);
      }
      return new SeenCheckpoints(directory, lock);
    } catch (OverlappingFileLockException e) {
      throw taken(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + directory, e);
    }
  }

  private static CommandFailed taken(Path directory) {
    return new CommandFailed(
        "another witness has " + directory + " open",
        "stop it first; two of them could agree to two stories");
  }

  /// Returns the last checkpoint of `origin` that was cosigned.
  ///
  /// @throws IllegalStateException if it cannot be read; a witness that forgot agrees to nothing
  Optional<Checkpoint> latest(String origin) {
    var file = file(origin);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Checkpoint.parse(SignedNote.parse(Files.readString(file)).text()));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException("cannot read what was cosigned last in " + file, e);
    }
  }

  /// Remembers `note` as the last one of `origin`; on return it is on the disk.
  void remember(String origin, SignedNote note) {
    var file = file(origin);
    var aside = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (var out =
          FileChannel.open(
              aside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        var bytes = ByteBuffer.wrap(note.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
      try (var folder = FileChannel.open(directory, StandardOpenOption.READ)) {
        // The move is in the directory, which has to reach the disk too.
        folder.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remember a checkpoint in " + file, e);
    }
  }

  /// Named by digest, since an origin may hold anything that a file name may not.
  private Path file(String origin) {
    return directory.resolve(Digest.of(origin).value().substring("sha256:".length()) + ".seen");
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + directory, e);
    }
  }
}
