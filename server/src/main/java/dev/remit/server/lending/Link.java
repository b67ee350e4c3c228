package dev.remit.server.lending;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.credentials.SecretName;
import java.time.Instant;
import java.util.Optional;

/// A link that shows a secret once, to one task.
///
/// @param identity whose task it is
/// @param decision by which it was handed out
/// @param openedAt when it was used
record Link(
    CredentialId id,
    TaskId task,
    SpiffeId identity,
    ResourceName resource,
    String profile,
    SecretName secret,
    DecisionId decision,
    Instant offeredAt,
    Instant expiresAt,
    Optional<Instant> openedAt) {}
