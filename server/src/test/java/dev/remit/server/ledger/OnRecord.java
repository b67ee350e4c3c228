package dev.remit.server.ledger;

import dev.remit.server.store.Database;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is on record, read from the table itself and not by what is under test.
public final class OnRecord {
  private OnRecord() {}

  /// The entries of a type, in the order of their logs.
  public static List<JsonNode> entries(Database database, String type) {
    return database.transact(tx ->
        tx.all(
            """
            SELECT convert_from(bytes, 'UTF8') AS text FROM ledger_entry
             WHERE type = ? ORDER BY log, index
            """,
            row -> JsonMapper.shared().readTree(row.text("text")),
            type));
  }
}
