package dev.remit.server.registry;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// One declared thing at rest.
///
/// @param revision counts its changes from 1, through retirement and return
/// @param spec complete; never changed
/// @param digest of the canonical form of `spec`
/// @param set the set of files that declares it; only an apply of the same set prunes it
/// @param by who changed it last
public record Stored(
    Ref ref,
    long revision,
    ObjectNode spec,
    Digest digest,
    Declared declared,
    String set,
    PersonName by,
    Instant at) {}
