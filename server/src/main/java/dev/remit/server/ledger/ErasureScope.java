package dev.remit.server.ledger;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;
import java.time.Instant;
import java.util.Locale;

/// Whose content is to be erased.
public sealed interface ErasureScope {

  /// Everything that one task sent and got, and what people wrote about it.
  record OfTask(TaskId task) implements ErasureScope {}

  /// Everything that a person wrote, and everything of the tasks that acted for them.
  record OfPerson(PersonName person) implements ErasureScope {}

  /// Everything of a workflow that was recorded on UTC days that had ended at `before`.
  record OfWorkflow(WorkflowName workflow, Instant before) implements ErasureScope {}

  /// What the subject is.
  enum Kind implements Word {
    TASK,
    PERSON,
    WORKFLOW;

    /// Its column in `ledger_kek`, and its member in entries.
    String column() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  default Kind kind() {
    return switch (this) {
      case OfTask _ -> Kind.TASK;
      case OfPerson _ -> Kind.PERSON;
      case OfWorkflow _ -> Kind.WORKFLOW;
    };
  }

  /// The name of the subject, as people say it.
  default String subject() {
    return switch (this) {
      case OfTask(var task) -> task.value();
      case OfPerson(var person) -> person.value();
      case OfWorkflow(var workflow, _) -> workflow.value();
    };
  }

  /// The moment before which the content's days must have ended; content of today is in it where
  /// nobody named a date.
  default Instant before() {
    return switch (this) {
      case OfTask _, OfPerson _ -> Instant.parse("9999-01-01T00:00:00Z");
      case OfWorkflow(_, var before) -> before;
    };
  }
}
