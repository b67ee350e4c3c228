package dev.remit.cli.verify;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.RemitClient;
import dev.remit.cli.ServerProblem;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.kernel.ledger.Tile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Downloads a log as it was at one checkpoint.
///
/// Every file is written aside and moved into place, full tiles never change, and the checkpoint
/// comes last: an interrupted export is continued by running it again, and what the checkpoint in
/// the directory claims is there.
final class LedgerExport {
  /// Where a server serves the log of its own node.
  static final String OWN = "/v1/ledger";

  private final RemitClient server;
  private final String log;
  private final Path directory;
  private long files;
  private long missing;

  /// @param log the path below which the log is served
  LedgerExport(RemitClient server, String log, Path directory) {
    this.server = server;
    this.log = log;
    this.directory = directory;
  }

  /// What was downloaded.
  ///
  /// @param files downloaded now, not counting those that were there
  /// @param missing files that the log must have and the server does not
  record Done(Checkpoint checkpoint, long files, long missing) {}

  Done run() {
    byte[] note = server.bytes(log + "/checkpoint");
    var checkpoint = checkpoint(note);
    write("keys", server.bytes(log + "/keys"));
    // Before the checkpoints, so that each is about one of them.
    write("timestamps", server.bytes(log + "/timestamps"));
    write("checkpoints", server.bytes(log + "/checkpoints"));
    level(checkpoint.size(), Tile.ENTRIES);
    for (int level = 0; Tile.count(checkpoint.size(), level) > 0; level++) {
      level(checkpoint.size(), level);
    }
    write("checkpoint", note);
    return new Done(checkpoint, files, missing);
  }

  private static Checkpoint checkpoint(byte[] note) {
    try {
      return Checkpoint.parse(SignedNote.parse(new String(note, StandardCharsets.UTF_8)).text());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("the server's checkpoint cannot be read", "check REMIT_ADDR", e);
    }
  }

  private void level(long size, int level) {
    long count = Tile.count(size, level);
    for (long number = 0; number < count; number++) {
      tile(Tile.in(size, level, number));
    }
  }

  private void tile(Tile tile) {
    if (tile.isFull() && Files.exists(directory.resolve(tile.path()))) {
      return;
    }
    try {
      write(tile.path(), server.bytes(log + "/" + tile.path()));
    } catch (ServerProblem e) {
      if (e.status() != 404) {
        throw e;
      }
      missing++;
    }
  }

  private void write(String path, byte[] bytes) {
    var file = directory.resolve(path);
    try {
      Files.createDirectories(file.getParent());
      var aside = file.resolveSibling(file.getFileName() + ".new");
      Files.write(aside, bytes);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
      files++;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
