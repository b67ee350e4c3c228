package dev.remit.server.gateway;

import dev.remit.kernel.identity.IdentityName;
import java.time.Instant;

/// That a good token was shown at the gateway.
///
/// @param from the address of whoever connects to us: of the agent, or of a proxy before us
public record TokenUse(String jti, IdentityName identity, String from, Instant at) {}
