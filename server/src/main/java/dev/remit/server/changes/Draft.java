package dev.remit.server.changes;

import dev.remit.kernel.change.Fingerprint;
import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.Fingerprints;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Stored;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A change about to be opened.
///
/// @param before the change whose fingerprint was approved until then
record Draft(
    Identity identity,
    Registered registered,
    Fingerprint fingerprint,
    Optional<Change> before,
    Origin origin) {

  /// @param by who declared or told it
  Change opened(Registry registry, PersonName by, String why, Instant now) {
    return new Change(
        ChangeId.fresh(now),
        identity.spiffeId(),
        identity.workflow(),
        identity.model().orElseThrow(),
        origin,
        State.PROPOSED,
        fingerprint,
        fingerprint.declared().digest(),
        revisions(registry),
        before.map(Change::id),
        Optional.empty(),
        Set.of(),
        Set.of(),
        List.of(),
        Optional.empty(),
        why,
        by,
        now,
        now,
        Optional.empty(),
        Optional.empty());
  }

  private ObjectNode revisions(Registry registry) {
    var json = JsonNodeFactory.instance.objectNode();
    Fingerprints.refs(identity, registered)
        .forEach(
            ref -> registry.find(ref).ifPresent(one -> json.put(ref.toString(), one.revision())));
    return json;
  }

  /// Who wrote the newest of what the fingerprint is made of.
  PersonName author(Registry registry) {
    return Fingerprints.refs(identity, registered).stream()
        .flatMap(ref -> registry.find(ref).stream())
        .max(Comparator.comparing(Stored::at))
        .map(Stored::by)
        .orElse(Moves.REMIT);
  }
}
