package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.RecordedEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/// Entries of several logs in one order: each log in its own, and of the logs' next entries the one
/// with the earliest `at` first, the log that is named first where they are equal.
///
/// Source: `docs/formats/evidence-bundle.md`, «Several logs».
public final class InTime<T> implements Iterator<T> {
  private final List<Head<T>> heads = new ArrayList<>();
  private final Function<T, RecordedEntry> entry;

  private static final class Head<T> {
    private final Iterator<T> rest;
    private T next;

    private Head(Iterator<T> rest) {
      this.rest = rest;
      this.next = rest.next();
    }
  }

  /// @param entry what each element of `logs` tells of
  public InTime(List<Iterator<T>> logs, Function<T, RecordedEntry> entry) {
    this.entry = entry;
    logs.stream().filter(Iterator::hasNext).map(Head::new).forEach(heads::add);
  }

  @Override
  public boolean hasNext() {
    return !heads.isEmpty();
  }

  @Override
  public T next() {
    var earliest =
        heads.stream()
            .min(Comparator.comparing((Head<T> head) -> entry.apply(head.next).at()))
            .orElseThrow(NoSuchElementException::new);
    var taken = earliest.next;
    if (earliest.rest.hasNext()) {
      earliest.next = earliest.rest.next();
    } else {
      heads.remove(earliest);
    }
    return taken;
  }
}
