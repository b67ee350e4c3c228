package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import java.util.Optional;

/// Which tasks somebody wants to see, newest first.
///
/// @param alive only those that are at work, or also those that ended or ran out
/// @param before only those older than this one, to read on from the last of a page
/// @param limit at most so many, 1 to [#LIMIT_MAX]
public record TaskQuery(
    boolean alive,
    Optional<IdentityName> identity,
    Optional<WorkflowName> workflow,
    Optional<TaskId> before,
    int limit) {
  static final int LIMIT_DEFAULT = 100;
  static final int LIMIT_MAX = 1_000;

  public TaskQuery {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException("the limit is 1 to " + LIMIT_MAX + ", not " + limit);
    }
  }
}
