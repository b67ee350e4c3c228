package dev.remit.server.evidence;

import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.evidence.SeenLogs.Log;
import dev.remit.server.evidence.WholePeriod.Span;
import dev.remit.server.ledger.About;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a workflow's scope may explain, found by what entries are about: as long as what the
/// workflow has done, however much others have.
///
/// What names the workflow comes first; then, as long as more is found, what continues that: the
/// outcomes of its decisions in whatever log, and what names only its tasks.
final class AboutWorkflow implements Candidates {
  private final Map<String, SortedMap<Long, RecordedEntry>> found;

  private AboutWorkflow(Map<String, SortedMap<Long, RecordedEntry>> found) {
    this.found = found;
  }

  /// What comes of looking.
  sealed interface Looked {
    record Found(AboutWorkflow candidates) implements Looked {}

    /// More than `entriesMax` name the workflow itself.
    record TooMuch() implements Looked {}

    /// The period begins before entries said what they are about.
    record NotKnown() implements Looked {}
  }

  /// @param scope of a workflow
  static Looked of(Scope scope, List<Log> logs, int entriesMax) {
    var word = About.workflow(scope.subject());
    var spans = new HashMap<String, Span>();
    long named = 0;
    for (var log : logs) {
      var span = Span.of(scope, log);
      if (log.history().aboutFrom() > span.from()) {
        return new Looked.NotKnown();
      }
      spans.put(log.name(), span);
      named += log.history().count(word, span.from(), span.to(), entriesMax + 1L);
    }
    return named > entriesMax
        ? new Looked.TooMuch()
        : new Looked.Found(new Look(scope, logs, spans).all(word));
  }

  @Override
  public Iterator<RecordedEntry> of(Log log) {
    return found.getOrDefault(log.name(), new TreeMap<>()).values().iterator();
  }

  /// One look through all logs.
  private static final class Look {
    private final Scope scope;
    private final List<Log> logs;
    private final Map<String, Span> spans;
    private final Map<String, SortedMap<Long, RecordedEntry>> found = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> tasks = new HashSet<>();

    private Look(Scope scope, List<Log> logs, Map<String, Span> spans) {
      this.scope = scope;
      this.logs = logs;
      this.spans = spans;
      logs.forEach(log -> found.put(log.name(), new TreeMap<>()));
    }

    private AboutWorkflow all(String word) {
      List<RecordedEntry> fresh = new ArrayList<>();
      for (var log : logs) {
        var history = log.history();
        var span = span(log);
        // What was declared explains what was allowed, however long before it was.
        add(log, history.governance(history.aboutFrom()));
        add(log, history.about(scope.related(), 0, span.to()));
        add(log, history.policies(0, span.from()));
        add(log, history.common(span.from(), span.to()));
        fresh.addAll(add(log, history.about(List.of(word), span.from(), span.to())));
      }
      while (!fresh.isEmpty()) {
        fresh = continuing(fresh);
      }
      return new AboutWorkflow(found);
    }

    private List<RecordedEntry> continuing(List<RecordedEntry> fresh) {
      var newIds = new HashSet<String>();
      var newTasks = new HashSet<String>();
      for (var entry : fresh) {
        entry.id().filter(ids::add).ifPresent(newIds::add);
        entry.text("task").filter(tasks::add).ifPresent(newTasks::add);
      }
      var more = new ArrayList<RecordedEntry>();
      for (var log : logs) {
        var span = span(log);
        if (!newIds.isEmpty()) {
          more.addAll(add(log, log.history().continuing(newIds, span.from(), span.to())));
        }
        if (!newTasks.isEmpty()) {
          more.addAll(add(log, log.history().about(newTasks, span.from(), span.to())));
        }
      }
      return more;
    }

    /// Returns those that were not there yet.
    private List<RecordedEntry> add(Log log, List<RecordedEntry> entries) {
      var into = found.getOrDefault(log.name(), new TreeMap<>());
      return entries.stream()
          .filter(entry -> Optional.ofNullable(into.putIfAbsent(entry.index(), entry)).isEmpty())
          .toList();
    }

    private Span span(Log log) {
      return spans.getOrDefault(log.name(), new Span(0, 0));
    }
  }
}
