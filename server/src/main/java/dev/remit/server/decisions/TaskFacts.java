package dev.remit.server.decisions;

import dev.remit.kernel.identity.TaskId;
import java.util.Map;
import java.util.Set;

/// What is known of the task in which something is asked.
///
/// @param intent the declared intent
/// @param callsSoFar calls that were decided in this task before this one
/// @param touched data classes that this task has already touched
/// @param counters calls so far per tool (`files/read_file`); a tool not named has none
public record TaskFacts(
    TaskId id, String intent, long callsSoFar, Set<String> touched, Map<String, Long> counters) {

  public TaskFacts {
    touched = Set.copyOf(touched);
    counters = Map.copyOf(counters);
  }
}
