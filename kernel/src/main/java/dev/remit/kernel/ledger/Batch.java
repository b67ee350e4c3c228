package dev.remit.kernel.ledger;

import java.util.ArrayList;
import java.util.List;

/// Leaves appended together, and the part of the tree that they changed. Immutable and safe to
/// share: whoever waited takes its own inclusion path from it.
public final class Batch {
  private final long before;
  private final long size;
  private final List<Level> levels;

  /// Nodes of one level from `start` (even) to the tree's right edge. The last may be incomplete: a
  /// node without a right sibling stands for itself one level up, as in RFC 6962.
  private record Level(long start, List<Hash> nodes) {}

  /// A complete node at the height of a tile's hashes.
  ///
  /// @param level the tile level, 1 or more: the node spans `256^level` leaves
  public record TileHash(int level, long index, Hash hash) {}

  private Batch(long before, long size, List<Level> levels) {
    this.before = before;
    this.size = size;
    this.levels = levels;
  }

  /// Appends `leaves`, at least one, to the tree that ends in `edge`.
  public static Batch of(Frontier edge, List<Hash> leaves) {
    if (leaves.isEmpty()) {
      throw new IllegalArgumentException("a batch has at least one leaf");
    }
    var levels = new ArrayList<Level>();
    var nodes = leaves;
    long start = edge.size();
    for (int level = 0; ; level++) {
      var whole = evenly(edge, level, start, nodes);
      levels.add(whole);
      if (whole.start == 0 && whole.nodes.size() == 1) {
        return new Batch(edge.size(), edge.size() + leaves.size(), levels);
      }
      nodes = paired(whole.nodes);
      start >>= 1;
    }
  }

  /// Number of leaves before this batch; the index of its first one.
  public long before() {
    return before;
  }

  /// Number of leaves with this batch.
  public long size() {
    return size;
  }

  public Hash root() {
    return levels.getLast().nodes.getFirst();
  }

  public Hash leaf(long index) {
    return at(0, index);
  }

  public Frontier frontier() {
    return Frontier.of(this::at, size);
  }

  /// Returns the inclusion path of a leaf of this batch in the tree that ends with this batch.
  public List<Hash> path(long index) {
    var path = new ArrayList<Hash>(levels.size());
    for (int level = 0; level < levels.size() - 1; level++) {
      var nodes = levels.get(level);
      long sibling = (index >> level ^ 1) - nodes.start;
      if (sibling < nodes.nodes.size()) {
        path.add(nodes.nodes.get((int) sibling));
      }
    }
    return path;
  }

  /// Returns the hashes for tiles of level 1 and above that became complete with this batch.
  public List<TileHash> tileHashes() {
    var complete = new ArrayList<TileHash>();
    for (int tile = 1; Tile.HEIGHT * tile < levels.size(); tile++) {
      int level = Tile.HEIGHT * tile;
      for (long index = before >> level; index < size >> level; index++) {
        complete.add(new TileHash(tile, index, at(level, index)));
      }
    }
    return complete;
  }

  private Hash at(int level, long index) {
    var nodes = levels.get(level);
    return nodes.nodes.get((int) (index - nodes.start));
  }

  private static Level evenly(Frontier edge, int level, long start, List<Hash> nodes) {
    if ((start & 1) == 0) {
      return new Level(start, nodes);
    }
    var whole = new ArrayList<Hash>(nodes.size() + 1);
    whole.add(edge.peak(level));
    whole.addAll(nodes);
    return new Level(start - 1, whole);
  }

  private static List<Hash> paired(List<Hash> nodes) {
    var parents = new ArrayList<Hash>((nodes.size() + 1) / 2);
    int i = 0;
    for (; i + 1 < nodes.size(); i += 2) {
      parents.add(Hash.node(nodes.get(i), nodes.get(i + 1)));
    }
    if (i < nodes.size()) {
      parents.add(nodes.get(i));
    }
    return parents;
  }
}
