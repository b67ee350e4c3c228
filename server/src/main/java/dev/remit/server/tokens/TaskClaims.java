package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.task.TaskScope;
import java.time.Instant;

/// What a checked task token says: who acts, for which task, how far, and until when.
///
/// @param identity the workload
/// @param subject its name outside Remit, the token's `sub`
/// @param workflow the business process the task belongs to
/// @param task the task that the token lives and dies with
/// @param intent what the task declared to be for; one of the workflow's intents
/// @param scope the most that the task may do by this token
/// @param expiresAt first instant at which the token is refused
/// @param jti the token's own id, as in the ledger
public record TaskClaims(
    IdentityName identity,
    SpiffeId subject,
    WorkflowName workflow,
    TaskId task,
    String intent,
    TaskScope scope,
    Instant expiresAt,
    String jti) {}
