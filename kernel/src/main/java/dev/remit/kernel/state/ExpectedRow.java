package dev.remit.kernel.state;

import dev.remit.kernel.ledger.RecordedEntry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the entries so far say that one row must be.
///
/// Holds only the columns that some entry has spoken of, each with the entry that said it last: an
/// entry of an earlier version may say less, and is believed as far as it goes.
final class ExpectedRow {
  private final Map<String, Said> columns = new TreeMap<>();
  private Told told = new Told(0, "");
  private boolean deleted;
  private boolean seen;
  private @Nullable Instant keptUntil;

  /// Which entry said something: its index, and whose log it is in.
  record Told(long entry, String node) {
    static Told by(RecordedEntry entry) {
      return new Told(entry.index(), entry.text("producer").orElse(""));
    }
  }

  /// One column's value, and the entry that gave it.
  record Said(JsonNode value, Told told) {}

  Map<String, Said> columns() {
    return columns;
  }

  /// The last entry about this row.
  Told told() {
    return told;
  }

  boolean isDeleted() {
    return deleted;
  }

  /// Notes that the table has such a row.
  void see() {
    seen = true;
  }

  /// Whether no row was seen that must be there at `now`. Some are swept away once they mean
  /// nothing.
  boolean isMissing(Instant now) {
    return !deleted && !seen && (keptUntil == null || now.isBefore(keptUntil));
  }

  void say(RecordedEntry entry, String column, JsonNode value) {
    told = Told.by(entry);
    deleted = false;
    columns.put(column, new Said(value, told));
  }

  void delete(RecordedEntry entry) {
    told = Told.by(entry);
    deleted = true;
    columns.clear();
  }

  void keptUntil(Optional<Instant> until) {
    keptUntil = until.orElse(null);
  }
}
