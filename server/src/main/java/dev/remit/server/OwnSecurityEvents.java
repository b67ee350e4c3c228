package dev.remit.server;

import com.nimbusds.jose.JOSEObjectType;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.server.export.Transmitter;
import dev.remit.server.registry.Registry;
import dev.remit.server.tokens.Authorization;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// Lets security event tokens be issued as task tokens are: by the same issuer, with the same keys,
/// and told apart by their type.
record OwnSecurityEvents(URI issuer, Authorization authorization, Registry registry)
    implements Transmitter {
  private static final JOSEObjectType TYPE = new JOSEObjectType("secevent+jwt");

  @Override
  public String sign(byte[] claims, Instant now) {
    return authorization.keys().sign(TYPE, claims, now);
  }

  @Override
  public Optional<String> subject(String identity) {
    return registry
        .current()
        .identity(new IdentityName(identity))
        .map(known -> known.spiffeId().value());
  }
}
