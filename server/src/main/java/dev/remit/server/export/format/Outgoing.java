package dev.remit.server.export.format;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.Optional;

/// An entry on its way out, with what has to be known to say it in somebody else's words.
///
/// @param origin the name of its log
/// @param workflow the workflow that it is about; empty if none
/// @param decided of an outcome, the decision that it belongs to, if that is in the log
public record Outgoing(
    RecordedEntry entry, String origin, String workflow, Optional<RecordedEntry> decided) {
  private static final int ORIGIN_DIGITS = 16;

  /// Returns the id that is the same each time the entry is sent, everywhere, and no other entry
  /// has: of letters, digits and `_` only.
  public String id() {
    var digest = Digest.of(origin).value();
    int from = digest.indexOf(':') + 1;
    return "evt_" + digest.substring(from, from + ORIGIN_DIGITS) + "_" + entry.index();
  }

  /// Returns what the entry says of a call, or of the decision that it belongs to.
  Optional<String> said(String member) {
    return entry.text(member).or(() -> decided.flatMap(earlier -> earlier.text(member)));
  }
}
