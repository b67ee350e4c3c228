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
/// @param node whose log that entry is in; empty where there is but one
public record Disagreement(
    String kind,
    String key,
    String column,
    String ledger,
    String table,
    OptionalLong entry,
    String node) {

  @Override
  public String toString() {
    var place = kind + " " + key + (column.isEmpty() ? "" : ", " + column);
    var whose = node.isEmpty() ? "" : " of " + node;
    var index = entry.isPresent() ? " (entry " + entry.getAsLong() + whose + ")" : "";
    return place + ": the ledger says " + ledger + index + ", the table says " + table;
  }
}
