package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Frontier;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.Nodes;
import dev.remit.kernel.ledger.Tile;
import dev.remit.server.store.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A stored tree, read a tile at a time within one transaction.
final class StoredNodes implements Nodes {
  private static final int HEIGHT = 8;

  private final Tx tx;
  private final int log;
  private final Map<Place, List<Hash>> tiles = new HashMap<>();

  private record Place(int level, long number) {}

  StoredNodes(Tx tx, int log) {
    this.tx = tx;
    this.log = log;
  }

  @Override
  public Hash complete(int level, long index) {
    int above = level % HEIGHT;
    long first = index << above;
    var place = new Place(level / HEIGHT, first / Tile.WIDTH_MAX);
    var tile = tiles.computeIfAbsent(place, p -> hashes(p.level, p.number, Tile.WIDTH_MAX));
    int from = (int) (first % Tile.WIDTH_MAX);
    int to = from + (1 << above);
    if (to > tile.size()) {
      throw new LedgerDamagedException(
          "the tree of log " + log + " lacks hashes of level " + level + " at " + index);
    }
    var frontier = Frontier.EMPTY;
    for (var hash : tile.subList(from, to)) {
      frontier = frontier.with(0, hash);
    }
    return frontier.root();
  }

  /// Returns as many hashes of a tile as are stored without a gap, `width` at most.
  List<Hash> hashes(int level, long number, int width) {
    long first = number * Tile.WIDTH_MAX;
    var rows =
        level == 0
            ? tx.all(
                """
                SELECT index, leaf AS hash
                  FROM ledger_entry
                 WHERE log = ? AND index >= ? AND index < ?
                 ORDER BY index
                """,
                row -> Map.entry(row.number("index"), row.bytes("hash")),
                log,
                first,
                first + width)
            : tx.all(
                """
                SELECT index, hash
                  FROM ledger_node
                 WHERE log = ? AND level = ? AND index >= ? AND index < ?
                 ORDER BY index
                """,
                row -> Map.entry(row.number("index"), row.bytes("hash")),
                log,
                level,
                first,
                first + width);
    return IntStream.range(0, rows.size())
        .takeWhile(i -> rows.get(i).getKey() == first + i)
        .mapToObj(i -> Hash.of(rows.get(i).getValue()))
        .toList();
  }
}
