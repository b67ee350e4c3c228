package dev.remit.server.approvals;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.TaskId;
import java.time.Instant;
import java.util.List;

/// Held calls of one task that ask for the same thing and wait, so that a person reads them as one.
///
/// @param waiting how many there are
/// @param ids of the oldest of them, at most 50
public record Group(
    TaskId task,
    IdentityName identity,
    String method,
    String item,
    long waiting,
    Instant oldest,
    Instant firstLapse,
    List<String> ids) {}
