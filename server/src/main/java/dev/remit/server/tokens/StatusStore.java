package dev.remit.server.tokens;

import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// The places of the status list at rest: table `status_place`.
final class StatusStore {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// One token that has a place, with what its check needs.
  ///
  /// @param links whose standing it rests on, the token's own holder last
  record Listed(int index, String jti, List<Delegator> links) {
    Listed {
      links = List.copyOf(links);
    }
  }

  /// Keeps tokens of one page; one row, however many they are.
  void add(Tx tx, String page, List<Listed> tokens, Instant expiresAt) {
    tx.update(
        "INSERT INTO status_place (page, places, tokens, expires_at) VALUES (?, ?, ?, ?)",
        page,
        tokens.stream().mapToLong(Listed::index).toArray(),
        tokens.stream().map(StatusStore::json).toList(),
        expiresAt);
  }

  /// Returns the tokens of a page; none if there is no such page, or nothing of it is left.
  List<Listed> tokens(Tx tx, String page) {
    return tx.all(
        """
        SELECT t.place, t.token
          FROM status_place, unnest(places, tokens) AS t (place, token)
         WHERE page = ?
        """,
        row -> listed(Math.toIntExact(row.number("place")), row.text("token")),
        page);
  }

  int prune(Tx tx, Instant before) {
    return tx.update("DELETE FROM status_place WHERE expires_at < ?", before);
  }

  private static String json(Listed token) {
    var json = JsonNodeFactory.instance.objectNode().put("jti", token.jti());
    DelegationJson.write(token.links(), json);
    return json.toString();
  }

  private static Listed listed(int index, String text) {
    var json = JSON.readTree(text);
    return new Listed(index, TokenBody.text(json, "jti"), DelegationJson.delegators(json));
  }
}
