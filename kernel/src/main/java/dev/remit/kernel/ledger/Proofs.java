package dev.remit.kernel.ledger;

import java.util.ArrayList;
import java.util.List;

/// Proofs about a tree: that it holds an entry, and that it only grew.
///
/// Building reads the tree through [Nodes]; checking needs nothing but the proof.
///
/// Source: RFC 6962 section 2.1; the checks follow RFC 9162 sections 2.1.3.2 and 2.1.4.2.
public final class Proofs {

  private Proofs() {}

  /// Returns the siblings from the leaf at `index` up to the root of the tree of `size` leaves.
  public static List<Hash> inclusion(Nodes nodes, long index, long size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("no entry " + index + " in a log of " + size);
    }
    var path = new ArrayList<Hash>();
    long at = index;
    for (int level = 0; (size - 1) >> level > 0; level++) {
      long sibling = at ^ 1;
      if (sibling <= (size - 1) >> level) {
        path.add(subtree(nodes, level, sibling, size));
      }
      at >>= 1;
    }
    return path;
  }

  /// Returns the proof that the tree of `size` leaves continues the one of its first `before`.
  public static List<Hash> consistency(Nodes nodes, long before, long size) {
    if (before < 0 || before > size) {
      throw new IllegalArgumentException("a log of " + size + " never had " + before);
    }
    if (before == 0 || before == size) {
      return List.of();
    }
    int level = Long.numberOfTrailingZeros(before);
    long at = (before >> level) - 1;
    var path = new ArrayList<Hash>();
    if (at > 0) {
      path.add(subtree(nodes, level, at, size));
    }
    for (; (size - 1) >> level > 0; level++) {
      long sibling = at ^ 1;
      if (sibling <= (size - 1) >> level) {
        path.add(subtree(nodes, level, sibling, size));
      }
      at >>= 1;
    }
    return path;
  }

  /// Returns the root over the first `size` leaves.
  public static Hash root(Nodes nodes, long size) {
    if (size == 0) {
      return Hash.EMPTY;
    }
    int level = 64 - Long.numberOfLeadingZeros(size - 1);
    return subtree(nodes, level, 0, size);
  }

  /// Whether `path` leads from `leaf` at `index` to the root of the tree of `size` leaves.
  public static boolean includes(Hash root, long size, long index, Hash leaf, List<Hash> path) {
    if (index < 0 || index >= size) {
      return false;
    }
    long at = index;
    long last = size - 1;
    var hash = leaf;
    for (var sibling : path) {
      if (last == 0) {
        return false;
      }
      if ((at & 1) == 1 || at == last) {
        hash = Hash.node(sibling, hash);
        while ((at & 1) == 0 && at != 0) {
          at >>= 1;
          last >>= 1;
        }
      } else {
        hash = Hash.node(hash, sibling);
      }
      at >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  /// Whether `path` shows that the tree of `size` leaves continues the one of `before` leaves.
  public static boolean continues(
      Hash rootBefore, long before, Hash root, long size, List<Hash> path) {
    if (before < 0 || before > size) {
      return false;
    }
    if (before == size) {
      return path.isEmpty() && rootBefore.equals(root);
    }
    if (before == 0) {
      return path.isEmpty() && rootBefore.equals(Hash.EMPTY);
    }
    return climb(rootBefore, before, root, size, path);
  }

  private static boolean climb(
      Hash rootBefore, long before, Hash root, long size, List<Hash> path) {
    boolean whole = Long.bitCount(before) == 1;
    if (!whole && path.isEmpty()) {
      return false;
    }
    int shift = Long.numberOfTrailingZeros(before);
    long at = (before - 1) >> shift;
    long last = (size - 1) >> shift;
    var older = whole ? rootBefore : path.getFirst();
    var newer = older;
    for (var sibling : whole ? path : path.subList(1, path.size())) {
      if (last == 0) {
        return false;
      }
      if ((at & 1) == 1 || at == last) {
        older = Hash.node(sibling, older);
        newer = Hash.node(sibling, newer);
        while ((at & 1) == 0 && at != 0) {
          at >>= 1;
          last >>= 1;
        }
      } else {
        newer = Hash.node(newer, sibling);
      }
      at >>= 1;
      last >>= 1;
    }
    return last == 0 && older.equals(rootBefore) && newer.equals(root);
  }

  /// The hash over the leaves below node `at` of `level`, as far as the tree of `size` has them.
  private static Hash subtree(Nodes nodes, int level, long at, long size) {
    if ((at + 1) << level <= size) {
      return nodes.complete(level, at);
    }
    long right = 2 * at + 1;
    var left = subtree(nodes, level - 1, 2 * at, size);
    // A right half without leaves leaves the left one standing alone, as RFC 6962 has it.
    return right << (level - 1) >= size
        ? left
        : Hash.node(left, subtree(nodes, level - 1, right, size));
  }
}
