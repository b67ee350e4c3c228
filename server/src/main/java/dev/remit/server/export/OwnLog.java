package dev.remit.server.export;

import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.export.ExportStore.Aside;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.Recording;
import dev.remit.server.store.Database;

/// The log that one export sends, and what is kept of how far it came.
record OwnLog(
    String export,
    Database database,
    Ledger ledger,
    LedgerReader reader,
    ExportStore store,
    Lanes lanes) {

  static OwnLog of(String export, Database database, Ledger ledger, LedgerReader reader) {
    var store = new ExportStore(ledger.origin(), export);
    return new OwnLog(export, database, ledger, reader, store, new Lanes(reader, ledger.origin()));
  }

  /// Keeps what was given up, and says so in the ledger in the same transaction.
  void setAside(Recording recording, Aside aside) {
    store.setAside(recording.tx(), aside);
    recording.append(
        Entry.of(EntryType.EXPORT_SETASIDE, aside.at())
            .with("export", export)
            .with("first", aside.index())
            .with("last", aside.until())
            .with("entries", aside.entries())
            .with("why", aside.why()));
  }
}
