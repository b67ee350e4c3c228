package dev.remit.server.evidence;

import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.evidence.SeenLogs.Log;
import java.util.Iterator;

/// Where the entries of a scope are looked for. May hold more than the scope explains, and never
/// less.
interface Candidates {

  /// Those of one log, in its order.
  Iterator<RecordedEntry> of(Log log);
}
