package dev.remit.kernel.state;

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
  private long entry;
  private boolean deleted;
  private boolean seen;
  private @Nullable Instant keptUntil;

  /// One column's value, and the entry that gave it.
  record Said(JsonNode value, long entry) {}

  Map<String, Said> columns() {
    return columns;
  }

  /// Index of the last entry about this row.
  long entry() {
    return entry;
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

  void say(long entry, String column, JsonNode value) {
    this.entry = entry;
    deleted = false;
    columns.put(column, new Said(value, entry));
  }

  void delete(long entry) {
    this.entry = entry;
    deleted = true;
    columns.clear();
  }

  void keptUntil(Optional<Instant> until) {
    keptUntil = until.orElse(null);
  }
}
