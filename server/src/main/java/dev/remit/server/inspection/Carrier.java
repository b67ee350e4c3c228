package dev.remit.server.inspection;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.TaskId;

/// In what something was seen.
///
/// @param target the tool, prompt, resource or model, as policy names it
public record Carrier(
    Flow flow, IdentityName identity, TaskId task, String target, DecisionId decision) {}
