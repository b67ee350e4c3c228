package dev.remit.server.tokens;

import dev.remit.kernel.identity.TaskId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// The tasks that are or were at work. A task starts with its first token, at the token endpoint.
@SuppressWarnings("DoNotCallSuggester")
public final class Tasks {

  public Optional<Task> find(TaskId id) {
    throw new UnsupportedOperationException("being built");
  }

  /// Ends a task: from here on its tokens are refused, here and, as soon as they hear, at every
  /// node.
  ///
  /// @param by who ends it, for the record: a SPIFFE ID or a person's name
  /// @return the task as it ended, also when it had ended before; empty if there is none
  public Optional<Task> complete(TaskId id, String by, Instant now) {
    throw new UnsupportedOperationException("being built");
  }

  /// Calls `listener` for each task that is completed, at any node, so that its open calls are cut.
  /// It must not block.
  public void onEnded(Consumer<TaskId> listener) {
    throw new UnsupportedOperationException("being built");
  }
}
