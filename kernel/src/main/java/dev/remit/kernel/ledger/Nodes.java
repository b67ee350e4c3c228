package dev.remit.kernel.ledger;

/// A tree's complete nodes, wherever they are kept.
@FunctionalInterface
public interface Nodes {

  /// Returns the hash over the leaves from `index · 2^level` to `(index + 1) · 2^level`, all of
  /// which the tree has.
  Hash complete(int level, long index);
}
