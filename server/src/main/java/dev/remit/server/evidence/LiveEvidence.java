package dev.remit.server.evidence;

import dev.remit.kernel.evidence.InTime;
import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.evidence.Snapshot;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The evidence of a workflow as it stands in the logs now: what a bundle of it would hold, without
/// the proofs. So what is computed from it can be computed again from a bundle.
public final class LiveEvidence {
  /// How often a period that holds too much is halved, from 30 days to less than an hour.
  private static final int HALVINGS_MAX = 10;

  private final NodeLogs logs;
  private final Registry registry;
  private final int entriesMax;

  /// @param entriesMax most entries that are taken; with more, the period begins later
  public LiveEvidence(NodeLogs logs, Registry registry, int entriesMax) {
    this.logs = logs;
    this.registry = registry;
    this.entriesMax = entriesMax;
  }

  /// What was read.
  ///
  /// @param scope the workflow, and from when to when
  /// @param sizes how far each log had come, by its node
  /// @param entries in time
  /// @param declared what the entries say was declared
  public record Read(
      Scope scope,
      SortedMap<String, Long> sizes,
      List<RecordedEntry> entries,
      List<Snapshot> declared) {
    public Read {
      entries = List.copyOf(entries);
      declared = List.copyOf(declared);
    }
  }

  /// Reads what belongs to `workflow`, from `back` ago to now.
  ///
  /// @throws IllegalStateException if even the last moments hold too much
  public Read of(WorkflowName workflow, Duration back, Instant now) {
    var each = each();
    var related =
        registry.around(workflow, Optional.empty()).stream()
            .map(Ref::toString)
            .collect(Collectors.toCollection(TreeSet::new));
    // Entries of this very moment belong; a scope ends before its end.
    var until = now.plusMillis(1);
    var beginning = beginning(each);
    var period = back;
    for (int i = 0; i <= HALVINGS_MAX; i++, period = period.dividedBy(2)) {
      var begins = until.minus(period);
      // As a bundle that nobody gave a beginning: it holds all that there is.
      var from = begins.isBefore(beginning) ? beginning : begins;
      var scope = new Scope(Scope.Kind.WORKFLOW, workflow.value(), from, until, related);
      var found = found(scope, each);
      if (found.isPresent()) {
        return read(scope, each, found.get());
      }
    }
    throw new IllegalStateException(
        "workflow " + workflow + " has more than " + entriesMax + " entries in " + period);
  }

  /// By what entries are about; by reading the whole period only where that began before entries
  /// said it.
  private Optional<SortedMap<String, List<RecordedEntry>>> found(
      Scope scope, List<SeenLogs.Log> each) {
    return switch (AboutWorkflow.of(scope, each, entriesMax)) {
      case AboutWorkflow.Looked.Found(var candidates) ->
          new Gathering(scope, each, entriesMax, candidates).entries();
      case AboutWorkflow.Looked.TooMuch() -> Optional.empty();
      case AboutWorkflow.Looked.NotKnown() -> new Gathering(scope, each, entriesMax).entries();
    };
  }

  private static Instant beginning(List<SeenLogs.Log> each) {
    return each.stream()
        .map(log -> log.history().iterator(0, 1).next().at())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private List<SeenLogs.Log> each() {
    var each = new ArrayList<SeenLogs.Log>();
    for (var log : logs.all()) {
      if (!log.isRoot()) {
        var history = logs.history(log);
        var note = history.checkpoint();
        long size = Checkpoint.parse(note.text()).size();
        each.add(new SeenLogs.Log(log.node(), history, note, size));
      }
    }
    return each;
  }

  private Read read(
      Scope scope, List<SeenLogs.Log> each, SortedMap<String, List<RecordedEntry>> found) {
    var sizes = new TreeMap<String, Long>();
    each.forEach(log -> sizes.put(log.name(), log.size()));
    var entries = new ArrayList<RecordedEntry>();
    List<Iterator<RecordedEntry>> iterators = found.values().stream().map(List::iterator).toList();
    new InTime<>(iterators, entry -> entry).forEachRemaining(entries::add);
    return new Read(scope, sizes, entries, declared(entries));
  }

  private List<Snapshot> declared(List<RecordedEntry> entries) {
    var snapshots = new ArrayList<Snapshot>();
    for (var entry : entries) {
      if (entry.type() == EntryType.REGISTRY_CHANGED && entry.text("after").isPresent()) {
        var kind = entry.text("kind").flatMap(Kind::parse).orElseThrow();
        var name = entry.text("name").orElseThrow();
        long revision = entry.number("revision");
        registry
            .revision(new Ref(kind, name), revision)
            .ifPresent(spec -> snapshots.add(new Snapshot(kind.noun(), name, revision, spec)));
      }
    }
    return snapshots;
  }
}
