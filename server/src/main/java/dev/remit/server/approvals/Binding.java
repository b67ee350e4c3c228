package dev.remit.server.approvals;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;

/// Exactly what an approval is for. Change any of it and the approval does not cover it.
///
/// @param asker the person who answers for the identity: its workflow's owner
/// @param definition the reviewed definition of the tool
/// @param arguments digest of the canonical arguments
/// @param policies the policy set that held the call
public record Binding(
    IdentityName identity,
    SpiffeId spiffeId,
    WorkflowName workflow,
    TaskId task,
    String intent,
    PersonName asker,
    ToolName tool,
    Digest definition,
    Digest arguments,
    Digest policies) {}
