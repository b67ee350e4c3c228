package dev.remit.server.evidence;

import dev.remit.kernel.evidence.InTime;
import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.evidence.Selection;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.evidence.SeenLogs.Log;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds the entries of all logs that a scope explains, among candidates that hold all of them.
record Gathering(Scope scope, List<Log> logs, int entriesMax, Candidates candidates) {

  /// By reading the whole period: right for every scope, and as long as the period is.
  Gathering(Scope scope, List<Log> logs, int entriesMax) {
    this(scope, logs, entriesMax, new WholePeriod(scope));
  }

  private record Placed(Log log, RecordedEntry entry) {}

  /// Returns them by the name of their log; empty if they are too many.
  Optional<SortedMap<String, List<RecordedEntry>>> entries() {
    var taken = taken(new InTime<>(logs.stream().map(this::candidates).toList(), Placed::entry));
    // An entry may belong because of another log's that stood before it among all entries, and
    // does not among those that are left. A verifier sees the latter only.
    for (int before = -1; before != taken.size() && taken.size() <= entriesMax; ) {
      before = taken.size();
      taken = taken(new InTime<>(byLog(taken), Placed::entry));
    }
    return taken.size() > entriesMax ? Optional.empty() : Optional.of(byName(taken));
  }

  private Iterator<Placed> candidates(Log log) {
    var found = candidates.of(log);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return found.hasNext();
      }

      @Override
      public Placed next() {
        return new Placed(log, found.next());
      }
    };
  }

  private List<Placed> taken(Iterator<Placed> all) {
    var selection = new Selection(scope);
    var taken = new ArrayList<Placed>();
    while (all.hasNext() && taken.size() <= entriesMax) {
      var next = all.next();
      if (selection.takes(next.entry())) {
        taken.add(next);
      }
    }
    return taken;
  }

  private List<Iterator<Placed>> byLog(List<Placed> taken) {
    return logs.stream()
        .map(log -> taken.stream().filter(one -> one.log().equals(log)).iterator())
        .toList();
  }

  private static SortedMap<String, List<RecordedEntry>> byName(List<Placed> taken) {
    var named = new TreeMap<String, List<RecordedEntry>>();
    taken.forEach(
        one -> named.computeIfAbsent(one.log().name(), _ -> new ArrayList<>()).add(one.entry()));
    return named;
  }
}
