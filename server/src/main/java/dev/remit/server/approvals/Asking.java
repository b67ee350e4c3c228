package dev.remit.server.approvals;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.assumptions.Assumptions;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A held call that looks for its approval.
///
/// @param assumptions what agreeing to it now would rest on
/// @param hold on which terms policy holds it
/// @param decision the decision that holds it now
/// @param given what the agent wants to send, for a person to read; never changed
/// @param coverable whether an approval for a task may cover it: it goes on with nothing that the
///   server has opened
/// @param after an executed approval after which the call is wanted once more
public record Asking(
    Binding binding,
    Assumptions assumptions,
    Decision.Hold hold,
    DecisionId decision,
    JsonNode given,
    boolean coverable,
    Optional<ApprovalId> after) {}
