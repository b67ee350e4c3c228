package dev.remit.server.evidence;

import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.server.ledger.LedgerHistory;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.ledger.StoredLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The logs of all nodes, each as far as the root log had seen it at one of its sizes.
///
/// @param logs where they are
/// @param catchUp waits until the root log has seen what is recorded
record SeenLogs(NodeLogs logs, Runnable catchUp) {

  /// What the root log says, at one size of it.
  ///
  /// @param root the root log itself
  /// @param note its checkpoint of that size
  /// @param told what it had seen last of each log, and whatever follows the newest of these
  /// @param each the logs by name
  record Moment(LedgerHistory root, SignedNote note, List<RecordedEntry> told, List<Log> each) {
    Moment {
      told = List.copyOf(told);
      each = List.copyOf(each);
    }
  }

  /// One log as it was seen.
  record Log(String name, LedgerHistory history, SignedNote note, long size) {}

  /// What there is to prove evidence against.
  sealed interface At {
    record Known(Moment moment) implements At {}

    /// Nobody keeps a root log yet, or it has seen nothing.
    record NoRootLog() implements At {}

    /// A checkpoint was not kept.
    record NotKept(long size) implements At {}
  }

  /// Returns the logs as they were when the root log had `size` entries; by default now.
  At at(Optional<Long> size) {
    if (size.isEmpty()) {
      catchUp.run();
    }
    var root = logs.root();
    return root.isEmpty() ? new At.NoRootLog() : at(root.get(), size);
  }

  private At at(StoredLog root, Optional<Long> asked) {
    var history = logs.history(root);
    if (asked.isEmpty()) {
      logs.keep(root);
    }
    var note =
        asked.map(history::checkpoint).orElseGet(() -> Optional.of(SignedNote.parse(root.note())));
    if (note.isEmpty()) {
      return new At.NotKept(asked.orElse(0L));
    }
    long size = Checkpoint.parse(note.get().text()).size();
    var seen = logs.seen(root, size);
    if (seen.isEmpty()) {
      return new At.NoRootLog();
    }
    var each = new ArrayList<Log>();
    for (var log : logs.all()) {
      var entry = Optional.ofNullable(seen.get(log.origin()));
      if (entry.isPresent()) {
        var one = log(log, entry.get().number("size"));
        if (one.isEmpty()) {
          return new At.NotKept(size);
        }
        each.add(one.get());
      }
    }
    return new At.Known(new Moment(history, note.get(), told(history, seen.values(), size), each));
  }

  private Optional<Log> log(StoredLog log, long size) {
    var history = logs.history(log);
    return history.checkpoint(size).map(note -> new Log(log.node(), history, note, size));
  }

  private static List<RecordedEntry> told(
      LedgerHistory root, Collection<RecordedEntry> seen, long size) {
    var told = new ArrayList<>(seen);
    told.sort(Comparator.comparingLong(RecordedEntry::index));
    root.iterator(told.getLast().index() + 1, size).forEachRemaining(told::add);
    return told;
  }
}
