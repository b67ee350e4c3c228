package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import java.net.URI;

/// What a person agreed to: that `identity` acts for them, in one task, at the client that asked.
///
/// @param client the client ID, the address of the client's metadata
/// @param redirect where its code is sent, exactly as the client wrote it
/// @param challenge the S256 code challenge (RFC 7636)
/// @param resource the one resource that the task's tokens are for (RFC 8707)
/// @param intent one of the workflow's
public record Consent(
    URI client,
    String redirect,
    String challenge,
    URI resource,
    PersonName person,
    IdentityName identity,
    String intent) {}
