package dev.remit.kernel.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The proof that several entries are in a tree, at once: besides their own leaf hashes the root of
/// every largest subtree that holds none of them, from left to right, and nothing twice.
///
/// For one entry these are the hashes of its inclusion proof, sorted by place. The walk is the
/// recursion that defines the Merkle Tree Hash, so places need not be stated.
///
/// Source: RFC 6962, section 2.1; `docs/formats/evidence-bundle.md`.
public final class SubsetProof {

  private SubsetProof() {}

  /// Returns the proof for the leaves at `indexes`, which ascend and are less than `size`.
  public static List<Hash> of(Nodes nodes, long size, long[] indexes) {
    check(size, indexes);
    var proof = new ArrayList<Hash>();
    if (size > 0) {
      new Building(nodes, indexes, proof).walk(0, size, 0, indexes.length);
    }
    return proof;
  }

  /// Returns the root that the leaves and the proof lead to; empty if the proof is too short or too
  /// long for these places.
  ///
  /// @param indexes ascending
  /// @param leaves the hash at each of them
  public static Optional<Hash> root(
      long size, long[] indexes, List<Hash> leaves, List<Hash> proof) {
    check(size, indexes);
    if (leaves.size() != indexes.length) {
      throw new IllegalArgumentException("each place needs its leaf");
    }
    if (size == 0) {
      return proof.isEmpty() ? Optional.of(Hash.EMPTY) : Optional.empty();
    }
    var rest = proof.iterator();
    var root = new Checking(indexes, leaves, rest).root(0, size, 0, indexes.length);
    return rest.hasNext() ? Optional.empty() : root;
  }

  private static void check(long size, long[] indexes) {
    for (int i = 0; i < indexes.length; i++) {
      if (indexes[i] >= size || indexes[i] < (i == 0 ? 0 : indexes[i - 1] + 1)) {
        throw new IllegalArgumentException("places ascend and are less than " + size);
      }
    }
  }

  /// Where a subtree of more than one leaf is split: the largest power of two less than its width.
  private static long split(long first, long end) {
    return first + Long.highestOneBit(end - first - 1);
  }

  /// How many of `indexes` from `from` to `to` are less than `place`, counted from 0.
  private static int cut(long[] indexes, int from, int to, long place) {
    int found = Arrays.binarySearch(indexes, from, to, place);
    return found >= 0 ? found : -found - 1;
  }

  @SuppressWarnings("ArrayRecordComponent") // one walk, never compared
  private record Building(Nodes nodes, long[] indexes, List<Hash> proof) {

    void walk(long first, long end, int from, int to) {
      if (from == to) {
        proof.add(hash(first, end));
      } else if (end - first > 1) {
        long middle = split(first, end);
        int cut = cut(indexes, from, to, middle);
        walk(first, middle, from, cut);
        walk(middle, end, cut, to);
      }
    }

    private Hash hash(long first, long end) {
      long width = end - first;
      if (Long.bitCount(width) == 1) {
        int level = Long.numberOfTrailingZeros(width);
        return nodes.complete(level, first >> level);
      }
      long middle = split(first, end);
      return Hash.node(hash(first, middle), hash(middle, end));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // one walk, never compared
  private record Checking(long[] indexes, List<Hash> leaves, Iterator<Hash> proof) {

    Optional<Hash> root(long first, long end, int from, int to) {
      if (from == to) {
        return proof.hasNext() ? Optional.of(proof.next()) : Optional.empty();
      }
      if (end - first == 1) {
        return Optional.of(leaves.get(from));
      }
      long middle = split(first, end);
      int cut = cut(indexes, from, to, middle);
      var left = root(first, middle, from, cut);
      return left.isEmpty()
          ? left
          : root(middle, end, cut, to).map(right -> Hash.node(left.get(), right));
    }
  }
}
