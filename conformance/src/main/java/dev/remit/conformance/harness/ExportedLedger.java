package dev.remit.conformance.harness;

import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.kernel.ledger.Tile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The entries of a directory that `remit ledger export` wrote. Reads only; whether they are what
/// was signed is for `remit verify` to say.
///
/// Source: C2SP tlog-tiles, «Log entries»: each entry after its length, a big-endian `uint16`.
public record ExportedLedger(Path directory) {

  /// Returns all entries in their order.
  public List<RecordedEntry> entries() {
    try {
      var note = SignedNote.parse(Files.readString(directory.resolve("checkpoint")));
      long size = Checkpoint.parse(note.text()).size();
      var entries = new ArrayList<RecordedEntry>();
      for (long number = 0; number < Tile.count(size, Tile.ENTRIES); number++) {
        var bundle = Tile.in(size, Tile.ENTRIES, number);
        read(Files.readAllBytes(directory.resolve(bundle.path())), entries);
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException("read the export in " + directory, e);
    }
  }

  private static void read(byte[] bundle, List<RecordedEntry> entries) {
    var bytes = ByteBuffer.wrap(bundle);
    while (bytes.hasRemaining()) {
      var entry = new byte[Short.toUnsignedInt(bytes.getShort())];
      bytes.get(entry);
      entries.add(RecordedEntry.parse(entries.size(), entry));
    }
  }
}
