package dev.remit.kernel.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads one entry bundle and compares it with the tree's leaf hashes. Knows nothing of its
/// neighbours, so bundles can be checked side by side.
final class BundleCheck {
  private static final int PREFIX_LENGTH = 2;

  private final Tile bundle;
  private final List<RecordedEntry> entries = new ArrayList<>(Tile.WIDTH_MAX);
  private final List<Damage> damages = new ArrayList<>();

  /// What one bundle holds.
  ///
  /// @param entries those that match the tree and can be read, in order
  /// @param leaves the tree's leaf hashes here; empty when they are missing
  /// @param damages at most one that keeps the rest of the bundle from being read
  record Checked(
      Tile bundle,
      List<RecordedEntry> entries,
      List<Hash> leaves,
      Optional<Hash> subtree,
      List<Damage> damages) {}

  private BundleCheck(Tile bundle) {
    this.bundle = bundle;
  }

  static Checked check(LedgerFiles files, Tile bundle) {
    return new BundleCheck(bundle).run(files);
  }

  private Checked run(LedgerFiles files) {
    var tile = new Tile(0, bundle.number(), bundle.width());
    var hashes = files.read(tile.path()).orElse(new byte[0]);
    boolean whole = hashes.length == bundle.width() * Hash.LENGTH;
    if (!whole) {
      damage(bundle.first(), "the tile `" + tile.path() + "` is missing or cut", end());
    }
    var leaves = whole ? Frontiers.hashes(hashes) : List.<Hash>of();
    files
        .read(bundle.path())
        .ifPresentOrElse(
            bytes -> readEntries(bytes, leaves),
            () -> damage(bundle.first(), "`" + bundle.path() + "` is missing", end()));
    return checked(leaves);
  }

  private Checked checked(List<Hash> leaves) {
    boolean full = leaves.size() == Tile.WIDTH_MAX;
    var subtree = full ? Optional.of(Frontiers.root(leaves)) : Optional.<Hash>empty();
    return new Checked(bundle, entries, leaves, subtree, damages);
  }

  private void readEntries(byte[] bytes, List<Hash> leaves) {
    int at = 0;
    for (int i = 0; i < bundle.width(); i++) {
      long index = bundle.first() + i;
      int length = lengthAt(bytes, at);
      if (length < 0 || at + PREFIX_LENGTH + length > bytes.length) {
        // Without hashes the numbers say better which entry it is that is missing.
        if (!leaves.isEmpty()) {
          damage(index, "the bundle ends before this entry does", index + 1);
        }
        return;
      }
      at += PREFIX_LENGTH;
      if (!leaves.isEmpty() && !Hash.leaf(bytes, at, length).equals(leaves.get(i))) {
        damage(index, "its bytes are not those that the tree was built over", index + 1);
        return;
      }
      read(index, Arrays.copyOfRange(bytes, at, at + length));
      at += length;
    }
    if (at != bytes.length) {
      damage(end() - 1, "the bundle goes on after this entry, its last", end());
    }
  }

  private void read(long index, byte[] entry) {
    try {
      entries.add(RecordedEntry.parse(index, entry));
    } catch (IllegalArgumentException e) {
      damage(index, "it " + e.getMessage(), index + 1);
    }
  }

  private void damage(long from, String what, long to) {
    damages.add(new Damage(from, to, what));
  }

  private long end() {
    return bundle.first() + bundle.width();
  }

  private static int lengthAt(byte[] bytes, int at) {
    return at + PREFIX_LENGTH > bytes.length
        ? -1
        : ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }
}
