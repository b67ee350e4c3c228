package dev.remit.kernel.ledger;

import java.util.ArrayList;
import java.util.List;

/// Roots over leaves that are all at hand.
final class Frontiers {

  private Frontiers() {}

  static Hash root(List<Hash> leaves) {
    return leaves.isEmpty() ? Hash.EMPTY : Batch.of(Frontier.EMPTY, leaves).root();
  }

  static List<Hash> hashes(byte[] bytes) {
    var hashes = new ArrayList<Hash>(bytes.length / Hash.LENGTH);
    for (int at = 0; at + Hash.LENGTH <= bytes.length; at += Hash.LENGTH) {
      hashes.add(Hash.at(bytes, at));
    }
    return hashes;
  }

  /// The root over hashes that stand one after the other.
  static Hash root(byte[] hashes) {
    return root(hashes(hashes));
  }
}
