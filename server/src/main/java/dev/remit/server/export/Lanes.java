package dev.remit.server.export;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.export.format.Outgoing;
import dev.remit.server.ledger.LedgerReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Finds out which workflow an entry is about, and which decision an outcome belongs to: an entry
/// that follows another one does not repeat all of it. Used by one thread.
final class Lanes {
  private static final int TASKS_MAX = 10_000;

  private final LedgerReader reader;
  private final String origin;
  private final Map<String, String> workflowOfTask =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > TASKS_MAX;
        }
      };

  Lanes(LedgerReader reader, String origin) {
    this.reader = reader;
    this.origin = origin;
  }

  Outgoing outgoing(RecordedEntry entry) {
    var task = entry.text("task");
    var told =
        entry
            .text("workflow")
            .or(() ->
                entry.text("kind").filter("workflow"::equals).flatMap(_ -> entry.text("name")))
            .or(() -> task.map(workflowOfTask::get));
    boolean needsEarlier = entry.type() == EntryType.CALL_ENDED || told.isEmpty();
    var earlier =
        needsEarlier ? entry.of().flatMap(reader::entry) : Optional.<RecordedEntry>empty();
    var workflow = told.or(() -> earlier.flatMap(one -> one.text("workflow"))).orElse("");
    if (!workflow.isEmpty()) {
      task.ifPresent(known -> workflowOfTask.put(known, workflow));
    }
    return new Outgoing(
        entry, origin, workflow, entry.type() == EntryType.CALL_ENDED ? earlier : Optional.empty());
  }
}
