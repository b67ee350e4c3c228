package dev.remit.server.emergency;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;

/// One call that is to go on by an emergency.
///
/// @param decision under which it will be recorded
/// @param subject who makes it
public record Use(DecisionId decision, SpiffeId subject, TaskId task) {}
