package dev.remit.server.decisions;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.TaskId;
import java.time.Instant;
import java.util.List;

/// What is known of the task in which something is asked.
///
/// @param intent the declared intent
/// @param callsMax tool calls that its scope allows altogether
/// @param expiresAt first instant at which it may do nothing any more
/// @param delegators the identities that handed it on, the first of them first; empty where the
///   identity that asks was given the task itself
/// @param usage what it has done before
public record TaskFacts(
    TaskId id,
    String intent,
    long callsMax,
    Instant expiresAt,
    List<IdentityName> delegators,
    Usage usage) {

  public TaskFacts {
    delegators = List.copyOf(delegators);
  }

  TaskFacts delegatedBy(List<IdentityName> others) {
    return new TaskFacts(id, intent, callsMax, expiresAt, others, usage);
  }
}
