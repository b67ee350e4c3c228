package dev.remit.server.evidence;

import dev.remit.kernel.evidence.Course;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.NodeLogs;
import java.util.ArrayList;

/// What happened in tasks, as the logs of all nodes tell it.
public final class Courses {
  /// Of more entries than this, the first are told.
  static final int ENTRIES_MAX = 5_000;

  private final NodeLogs logs;

  public Courses(NodeLogs logs) {
    this.logs = logs;
  }

  /// Returns the course of `task`; without steps if nothing was asked for in it.
  public Course of(TaskId task) {
    var entries = new ArrayList<RecordedEntry>();
    for (var log : logs.all()) {
      if (!log.node().equals(LedgerConfig.ROOT)) {
        entries.addAll(logs.reader(log).ofTask(task, ENTRIES_MAX));
      }
    }
    return Course.of(entries);
  }
}
