package dev.remit.server.registry;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// How a workload proves that it is a given identity.
public sealed interface Authentication {

  /// Returns the name of a public key: its SHA-256 thumbprint in base64url (RFC 7638).
  static String thumbprint(JWK key) {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// It signs a JWT with a key that only it holds (`private_key_jwt`, RFC 7523).
  ///
  /// @param keys public keys only, never empty; no other identity has any of them
  record PrivateKeyJwt(List<JWK> keys) implements Authentication {
    public PrivateKeyJwt {
      keys = List.copyOf(keys);
      if (keys.isEmpty() || keys.stream().anyMatch(JWK::isPrivate)) {
        throw new IllegalArgumentException("an identity registers one or more public keys");
      }
    }
  }

  /// Its platform vouches for it with a JWT (Kubernetes, continuous integration, a cloud).
  ///
  /// @param issuer exact `iss`; its keys are found by discovery
  /// @param audience a value that `aud` must contain
  /// @param subject exact `sub`; no other identity has this issuer and subject
  /// @param claims further claims that must be there with exactly this text
  record Oidc(URI issuer, String audience, String subject, Map<String, String> claims)
      implements Authentication {
    public Oidc {
      claims = Map.copyOf(claims);
    }
  }
}
