package dev.remit.server.certificates;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One X.509-SVID, from the intent to sign it until it holds nowhere any more.
///
/// @param token by which it was asked for; ends it, too
/// @param owner of the workflow, when it was intended
/// @param beside what else the token rested on, `kind/name` each
/// @param epochs of all that it rests on, together, then
/// @param authority which signs it
/// @param serial its serial number, in lower-case hexadecimal
/// @param key digest of the public key, as SubjectPublicKeyInfo
/// @param reason why it is or was taken away
/// @param thumbprint of the certificate (SHA-256, base64url), once it is signed
/// @param endedAt when a list first told of it, or it had expired
public record Svid(
    CredentialId id,
    TaskId task,
    String token,
    IdentityName identity,
    SpiffeId subject,
    WorkflowName workflow,
    PersonName owner,
    List<String> beside,
    long epochs,
    String authority,
    String serial,
    String key,
    State state,
    Optional<String> reason,
    Instant intendedAt,
    Instant expiresAt,
    Optional<Instant> activeAt,
    Optional<String> thumbprint,
    Optional<Instant> revokingAt,
    Optional<Instant> endedAt) {

  public Svid {
    beside = List.copyOf(beside);
  }

  /// `INTENT → ACTIVE → REVOKING → REVOKED`, or `EXPIRED` where its time came first.
  public enum State {
    /// It may be signed or not; nobody has it.
    INTENT,
    ACTIVE,
    /// It holds here no more; no list tells others yet.
    REVOKING,
    /// On a list, until a while after it has expired.
    REVOKED,
    EXPIRED
  }
}
