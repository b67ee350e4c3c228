package dev.remit.kernel.ledger;

/// A tree, read from the tiles of a log of `size` entries.
///
/// A tile that is missing or cut is an [IllegalArgumentException].
record FileNodes(LedgerFiles files, long size) implements Nodes {

  @Override
  public Hash complete(int level, long index) {
    int above = level % Tile.HEIGHT;
    long first = index << above;
    var tile = Tile.in(size, level / Tile.HEIGHT, first / Tile.WIDTH_MAX);
    var hashes = Frontiers.hashes(files.read(tile.path()).orElse(new byte[0]));
    int from = (int) (first % Tile.WIDTH_MAX);
    if (from + (1 << above) > hashes.size()) {
      throw new IllegalArgumentException("the tile `" + tile.path() + "` is missing or cut");
    }
    return Frontiers.root(hashes.subList(from, from + (1 << above)));
  }
}
