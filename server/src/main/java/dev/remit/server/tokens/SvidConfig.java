package dev.remit.server.tokens;

import java.time.Duration;

/// What Remit says of its identities as a SPIFFE issuer.
///
/// @param trustDomain of the identities it vouches for
/// @param lifetime of a JWT-SVID, unless the token it is issued for ends sooner; 30 s to 1 h
public record SvidConfig(String trustDomain, Duration lifetime) {

  public SvidConfig {
    if (lifetime.compareTo(Duration.ofSeconds(30)) < 0
        || lifetime.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("the lifetime of SVIDs is 30 s to 1 h, was " + lifetime);
    }
  }

  /// Returns the defaults for the identities of `trustDomain`.
  public static SvidConfig of(String trustDomain) {
    return new SvidConfig(trustDomain, Duration.ofMinutes(5));
  }
}
