package dev.remit.server.registry;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.PersonName;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// That somebody reviewed a scope and agreed to it: one revision of a grant, as it was in force at
/// some moment.
///
/// Every task, and so every token, credential and delegated part of it, rests on the grants of its
/// identity that were in force when it was started; this is the record of who looked at what, and
/// when.
///
/// @param reviewer the approver whom the grant names
/// @param at when this revision came into force
/// @param by who declared it
/// @param scope what was reviewed: the grant's specification, complete
/// @param digest of `scope`, as in `registry.changed`
public record ScopeReview(
    GrantName grant,
    long revision,
    PersonName reviewer,
    Instant at,
    PersonName by,
    ObjectNode scope,
    Digest digest) {

  public ObjectNode json() {
    var json = scope.objectNode();
    json.put("grant", grant.value())
        .put("revision", revision)
        .put("reviewer", reviewer.value())
        .put("at", at.toString())
        .put("declaredBy", by.value())
        .put("digest", digest.value());
    json.set("scope", scope);
    return json;
  }
}
