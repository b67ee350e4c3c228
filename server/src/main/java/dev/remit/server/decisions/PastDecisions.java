package dev.remit.server.decisions;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.LedgerReader;
import java.util.List;

/// The decisions that were recorded, to be made again.
@FunctionalInterface
interface PastDecisions {
  /// Where nothing was recorded yet.
  PastDecisions NONE = (_, _) -> List.of();

  /// Returns the newest decisions whose index is below `before`, the newest first; `limit` of them
  /// at most, and fewer than that also where there are more. Empty only when there are none left.
  List<Kept> newest(long before, int limit);

  /// One of them, not opened yet: parsing and decrypting is left to the thread that needs it.
  interface Kept {

    long index();

    Past open();
  }

  static PastDecisions of(LedgerReader ledger) {
    return (before, limit) ->
        ledger.newest(EntryType.CALL_DECIDED, QuestionJson.BODY, before, limit).stream()
            .map(PastDecisions::kept)
            .toList();
  }

  private static Kept kept(dev.remit.server.ledger.WithBody stored) {
    return new Kept() {
      @Override
      public long index() {
        return stored.index();
      }

      @Override
      public Past open() {
        return Past.of(stored);
      }
    };
  }
}
