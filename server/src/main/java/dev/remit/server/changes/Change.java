package dev.remit.server.changes;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.change.Axis;
import dev.remit.kernel.change.Fingerprint;
import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// One change of what decides an identity, at rest.
///
/// @param declared digest of the fingerprint as far as it is declared: what calls are held against
/// @param revisions what was declared then, by name, as the numbers of its revisions
/// @param before the change whose fingerprint was approved until then; none for the first
/// @param kind what it was classified as; empty until then
/// @param suspends the grants that grant nothing until it is approved
/// @param suites the evaluations that it needs
/// @param assessment how it was classified, in full; empty until then
/// @param why of its state, in words
/// @param requestedBy who declared or told it; `remit` where it was seen
/// @param expiresAt first instant at which its approval no longer holds
public record Change(
    ChangeId id,
    SpiffeId identity,
    WorkflowName workflow,
    ModelName model,
    Origin origin,
    State state,
    Fingerprint fingerprint,
    Digest declared,
    ObjectNode revisions,
    Optional<ChangeId> before,
    Optional<Verdict> kind,
    Set<Axis> axes,
    Set<GrantName> suspends,
    List<String> suites,
    Optional<ObjectNode> assessment,
    String why,
    PersonName requestedBy,
    Instant openedAt,
    Instant movedAt,
    Optional<PersonName> approvedBy,
    Optional<Instant> expiresAt) {
  public Change {
    axes = Set.copyOf(axes);
    suspends = Set.copyOf(suspends);
    suites = List.copyOf(suites);
  }

  /// Whether `person` agreeing would count now, as far as people go. What must be on record of its
  /// model is looked at when they do.
  public boolean waitsFor(PersonName person, Registered registered) {
    return state == State.EVALUATED && TwoPeople.are(person, requestedBy, registered);
  }

  /// Whether `person` may say no to it now, which does not wait for an evaluation.
  public boolean mayBeDeclinedBy(PersonName person, Registered registered) {
    return (state == State.CLASSIFIED || state == State.EVALUATED)
        && TwoPeople.are(person, requestedBy, registered);
  }

  /// Whether what it is about is in use, or was until somebody stopped it.
  public boolean isInForce() {
    return state.isInForce();
  }

  /// Whether everything may be done with it at `now`.
  boolean holds(Instant now) {
    return state.isGood() && expiresAt.filter(now::isBefore).isPresent();
  }
}
