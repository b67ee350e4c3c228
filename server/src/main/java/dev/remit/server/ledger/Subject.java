package dev.remit.server.ledger;

import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import java.util.Optional;
import java.util.Set;

/// Whom and what something kept encrypted is about: what it may later be erased by.
///
/// ADR 0025 says why these three. Any of them may be missing; of an operator's own words only the
/// person is known.
///
/// @param task the task that it belongs to
/// @param workflow the workflow of that task
/// @param person who wrote it, or for whom the agent acted
public record Subject(Optional<String> task, Optional<String> workflow, Optional<String> person) {

  /// What no erasure reaches, such as why something was erased, or may not be.
  public static final Subject NONE =
      new Subject(Optional.empty(), Optional.empty(), Optional.empty());

  private static final Set<EntryType> KEPT =
      Set.of(
          EntryType.EVIDENCE_ERASED,
          EntryType.LEGALHOLD_PLACED,
          EntryType.LEGALHOLD_LIFTED,
          EntryType.CANARY_PLANTED,
          EntryType.CANARY_RETIRED);

  /// Returns what `entry` says that its bodies are about.
  static Subject of(Entry entry) {
    if (KEPT.contains(entry.type())) {
      return NONE;
    }
    return new Subject(
        entry.text("task").or(() -> entry.text("askerTask")),
        entry.text("workflow"),
        entry.text("by").or(() -> entry.text("asker")).filter(Subject::isPerson));
  }

  /// What an agent sent or got within a task.
  public static Subject task(TaskId task, WorkflowName workflow) {
    return new Subject(Optional.of(task.value()), Optional.of(workflow.value()), Optional.empty());
  }

  /// The same subject, in the words of `person`.
  public Subject writtenBy(String person) {
    return new Subject(task, workflow, Optional.of(person));
  }

  /// A workload is named by its SPIFFE ID, a person by a plain name.
  private static boolean isPerson(String name) {
    return !name.contains(":");
  }
}
