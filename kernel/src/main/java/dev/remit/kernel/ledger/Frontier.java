package dev.remit.kernel.ledger;

import java.util.ArrayList;
import java.util.List;

/// The right edge of a tree: all that must be remembered to append to it.
///
/// @param size number of leaves
/// @param peaks roots of the complete subtrees that make up the tree, the largest (leftmost) first;
///   one for each bit set in `size`
public record Frontier(long size, List<Hash> peaks) {
  public static final Frontier EMPTY = new Frontier(0, List.of());

  public Frontier {
    peaks = List.copyOf(peaks);
    if (size < 0 || peaks.size() != Long.bitCount(size)) {
      throw new IllegalArgumentException(
          "a tree of " + size + " leaves does not have " + peaks.size() + " peaks");
    }
  }

  /// Reads the edge of the tree of `size` leaves.
  public static Frontier of(Nodes nodes, long size) {
    var peaks = new ArrayList<Hash>();
    for (long rest = size; rest != 0; rest -= Long.highestOneBit(rest)) {
      int level = 63 - Long.numberOfLeadingZeros(rest);
      peaks.add(nodes.complete(level, (size >> level) - 1));
    }
    return new Frontier(size, peaks);
  }

  /// The root over all leaves.
  public Hash root() {
    if (size == 0) {
      return Hash.EMPTY;
    }
    var root = peaks.getLast();
    for (int i = peaks.size() - 2; i >= 0; i--) {
      root = Hash.node(peaks.get(i), root);
    }
    return root;
  }

  /// Returns the edge after one more complete subtree of `2^level` leaves, of which `size` must be
  /// a multiple.
  public Frontier with(int level, Hash subtree) {
    if (Long.numberOfTrailingZeros(size) < level) {
      throw new IllegalArgumentException("a tree of " + size + " takes no subtree of 2^" + level);
    }
    var next = new ArrayList<>(peaks);
    var hash = subtree;
    for (int at = level; (size >> at & 1) == 1; at++) {
      hash = Hash.node(next.removeLast(), hash);
    }
    next.add(hash);
    return new Frontier(size + (1L << level), next);
  }

  /// The peak of `2^level` leaves, which the tree must have.
  Hash peak(int level) {
    int before = Long.bitCount(level == 63 ? 0 : size >> (level + 1));
    return peaks.get(before);
  }
}
