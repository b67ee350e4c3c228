package dev.remit.server.lending;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.lending.postgres.Place;
import java.time.Instant;
import java.util.Optional;

/// One credential, from the intent to make it until it is seen to be gone.
///
/// @param owner of the workflow, when it was intended
/// @param epochs of identity, workflow, owner and resource together then
/// @param decision by which it was permitted
/// @param role its name at the place; made of the deployment's name and its own id
/// @param place how the database was reached then, however it is declared now
/// @param reason why it is or was taken away
/// @param attempts how often taking it away has failed
public record Lent(
    CredentialId id,
    TaskId task,
    IdentityName identity,
    SpiffeId subject,
    WorkflowName workflow,
    PersonName owner,
    long epochs,
    ResourceName resource,
    String profile,
    DecisionId decision,
    String role,
    Place place,
    State state,
    Optional<String> reason,
    Instant intendedAt,
    Instant expiresAt,
    Optional<Instant> activeAt,
    Optional<Instant> revokingAt,
    Optional<Instant> endedAt,
    int attempts,
    Optional<String> lastError) {

  /// `INTENT → ACTIVE → REVOKING → REVOKED`, or `STUCK` on the way to the last.
  public enum State {
    /// It may be there or not; nobody has its password.
    INTENT,
    ACTIVE,
    /// Being taken away.
    REVOKING,
    /// Being taken away for longer than is set; tried on.
    STUCK,
    /// Seen to be gone.
    REVOKED
  }
}
