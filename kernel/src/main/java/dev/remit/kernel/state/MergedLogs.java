package dev.remit.kernel.state;

import dev.remit.kernel.ledger.RecordedEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The entries of all logs of a deployment in one order: that in which their changes were
/// committed.
///
/// Every governance change carries a number, taken in its own transaction and without a gap over
/// all logs. Entries from before there were numbers come first: each log in its own order, and
/// among the logs by time, which is a guess where two nodes changed the same row. After its first
/// numbered change a log may hold no change without a number.
///
/// Says what is wrong with the numbers; it is no answer then, whatever the rows say.
///
/// Source: `docs/formats/state.md`, «Several logs»; ADR 0028.
public final class MergedLogs {
  private static final int DISORDER_MAX = 100;

  private final List<Supplier<Iterator<RecordedEntry>>> logs;
  private final List<String> disorder = new ArrayList<>();

  /// @param logs each log's entries in its order, to be read from the beginning any number of times
  public MergedLogs(List<Supplier<Iterator<RecordedEntry>>> logs) {
    this.logs = List.copyOf(logs);
  }

  /// Hands over every entry of every log once.
  public void entries(Consumer<RecordedEntry> each) {
    disorder.clear();
    var cursors = logs.stream().map(log -> new Cursor(log.get())).toList();
    beforeNumbers(cursors, each);
    numbered(cursors, each);
  }

  /// Returns what was wrong with the numbers of the entries that were handed over last.
  public List<String> disorder() {
    return List.copyOf(disorder);
  }

  /// One log, read up to some entry.
  private static final class Cursor {
    private final Iterator<RecordedEntry> rest;
    private @Nullable RecordedEntry head;

    private Cursor(Iterator<RecordedEntry> rest) {
      this.rest = rest;
      advance();
    }

    private void advance() {
      head = rest.hasNext() ? rest.next() : null;
    }

    private Optional<RecordedEntry> head() {
      return Optional.ofNullable(head);
    }

    private boolean isUnnumbered() {
      return head().filter(entry -> entry.change().isEmpty()).isPresent();
    }

    private long change() {
      return head().map(RecordedEntry::change).orElse(OptionalLong.empty()).orElseThrow();
    }

    private RecordedEntry take() {
      var taken = head().orElseThrow();
      advance();
      return taken;
    }
  }

  private static void beforeNumbers(List<Cursor> cursors, Consumer<RecordedEntry> each) {
    for (var next = oldest(cursors); next.isPresent(); next = oldest(cursors)) {
      each.accept(next.get().take());
    }
  }

  private static Optional<Cursor> oldest(List<Cursor> cursors) {
    return cursors.stream()
        .filter(Cursor::isUnnumbered)
        .min(Comparator.comparing(cursor -> cursor.head().orElseThrow().at()));
  }

  private void numbered(List<Cursor> cursors, Consumer<RecordedEntry> each) {
    long due = 1;
    for (var next = lowest(cursors); next.isPresent(); next = lowest(cursors)) {
      var entry = next.get().take();
      due = check(entry, due);
      each.accept(entry);
      while (next.get().isUnnumbered()) {
        var other = next.get().take();
        if (StateReplay.isShared(other)) {
          wrong(place(other) + " is a change without a number, after changes that have one");
        }
        each.accept(other);
      }
    }
  }

  private static Optional<Cursor> lowest(List<Cursor> cursors) {
    return cursors.stream()
        .filter(cursor -> cursor.head().isPresent())
        .min(Comparator.comparingLong(Cursor::change));
  }

  /// @return the number that is due after this entry
  private long check(RecordedEntry entry, long due) {
    long change = entry.change().orElseThrow();
    if (change < due) {
      wrong("change " + change + " is told twice: again by " + place(entry));
      return due;
    }
    if (change > due) {
      wrong(
          change == due + 1
              ? "change " + due + " is told by no log"
              : "changes " + due + " to " + (change - 1) + " are told by no log");
    }
    return change + 1;
  }

  private void wrong(String what) {
    if (disorder.size() < DISORDER_MAX) {
      disorder.add(what);
    }
  }

  private static String place(RecordedEntry entry) {
    return "entry " + entry.index() + " of " + entry.text("producer").orElse("");
  }
}
