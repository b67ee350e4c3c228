package dev.remit.kernel.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Reads the entries of a log that was [verified][LedgerAudit] before, once more and in order.
///
/// Memory does not grow with the log. A bundle that cannot be read any more is an
/// [IllegalStateException]: the files changed since they were verified.
public final class EntryBundles {
  private static final int AT_ONCE = 64;
  private static final int PREFIX_LENGTH = 2;

  private final LedgerFiles files;
  private final long size;

  /// @param size the size of the checkpoint that the files belong to
  public EntryBundles(LedgerFiles files, long size) {
    this.files = files;
    this.size = size;
  }

  /// Hands over the first `count` entries.
  public void first(long count, Consumer<RecordedEntry> each) {
    long bundles = Tile.count(Math.min(count, size), Tile.ENTRIES);
    for (long next = 0; next < bundles; next += AT_ONCE) {
      long first = next;
      IntStream.range(0, (int) Math.min(AT_ONCE, bundles - next))
          .parallel()
          .mapToObj(i -> entries(Tile.in(size, Tile.ENTRIES, first + i)))
          .toList()
          .forEach(bundle -> bundle.stream().filter(e -> e.index() < count).forEach(each));
    }
  }

  /// Returns the first `count` entries one after the other.
  public Iterator<RecordedEntry> iterator(long count) {
    long end = Math.min(count, size);
    return LongStream.range(0, Tile.count(end, Tile.ENTRIES))
        .boxed()
        .flatMap(number -> entries(Tile.in(size, Tile.ENTRIES, number)).stream())
        .takeWhile(entry -> entry.index() < end)
        .iterator();
  }

  private List<RecordedEntry> entries(Tile bundle) {
    byte[] bytes =
        files
            .read(bundle.path())
            .orElseThrow(() -> new IllegalStateException("`" + bundle.path() + "` is gone"));
    var entries = new ArrayList<RecordedEntry>(bundle.width());
    int at = 0;
    for (int i = 0; i < bundle.width(); i++) {
      int length = ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
      at += PREFIX_LENGTH;
      entries.add(
          RecordedEntry.parse(bundle.first() + i, Arrays.copyOfRange(bytes, at, at + length)));
      at += length;
    }
    return entries;
  }
}
