package dev.remit.server.approvals;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ResourceName;
import java.util.Optional;

/// What a held request asks for, and of what.
///
/// @param method the protocol's name of the request: `tools/call`, `prompts/get`, `resources/read`
/// @param item the tool's full name (`files/pay`), the prompt's name, or the URI that is read
/// @param server digest of how the resource is reached, as declared
/// @param definition the reviewed definition; only a tool has one
public record Wanted(
    String method,
    ResourceName resource,
    String item,
    Digest server,
    Optional<Digest> definition) {}
