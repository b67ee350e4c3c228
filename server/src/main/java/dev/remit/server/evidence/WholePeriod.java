package dev.remit.server.evidence;

import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.evidence.SeenLogs.Log;
import java.util.Iterator;

/// Everything: what was declared before the period, by an index of its own, and every entry of the
/// period.
record WholePeriod(Scope scope) implements Candidates {

  @Override
  public Iterator<RecordedEntry> of(Log log) {
    var history = log.history();
    var span = Span.of(scope, log);
    var earlier = history.governance(span.from()).iterator();
    var period = history.iterator(span.from(), span.to());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return earlier.hasNext() || period.hasNext();
      }

      @Override
      public RecordedEntry next() {
        return earlier.hasNext() ? earlier.next() : period.next();
      }
    };
  }

  /// The period of a scope as indices of a log, a little wider than its instants.
  record Span(long from, long to) {
    static Span of(Scope scope, Log log) {
      var history = log.history();
      return new Span(
          history.firstAt(scope.from().minus(EvidenceExport.SLACK), log.size()),
          history.firstAt(scope.to().plus(EvidenceExport.SLACK), log.size()));
    }
  }
}
