package dev.remit.kernel.state;

import java.util.OptionalLong;

/// One point in which a table and the ledger differ.
///
/// @param kind of the row
/// @param key which row
/// @param column which of its columns; empty when the row as a whole is concerned
/// @param ledger what the ledger says, in canonical JSON or in words
/// @param table what the table says
/// @param entry index of the entry that said it last; empty when there never was one
public record Disagreement(
    String kind, String key, String column, String ledger, String table, OptionalLong entry) {

  @Override
  public String toString() {
    var place = kind + " " + key + (column.isEmpty() ? "" : ", " + column);
    var index = entry.isPresent() ? " (entry " + entry.getAsLong() + ")" : "";
    return place + ": the ledger says " + ledger + index + ", the table says " + table;
  }
}
