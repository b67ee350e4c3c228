package dev.remit.server.evidence;

import dev.remit.kernel.evidence.Scope;
import java.time.Instant;
import java.util.Optional;

/// What somebody wants evidence of.
///
/// @param kind what `name` is the name of
/// @param name of a workflow or an identity in the registry, or a task's id
/// @param from the first moment; empty for the beginning of the log, or of the task
/// @param to the moment after the last; empty where it is up to the present
/// @param opened whether bodies are opened rather than withheld
/// @param size of the log that it is proved against; empty for the newest
record EvidenceQuestion(
    Scope.Kind kind,
    String name,
    Optional<Instant> from,
    Optional<Instant> to,
    boolean opened,
    Optional<Long> size) {}
