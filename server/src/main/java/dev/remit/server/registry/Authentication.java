package dev.remit.server.registry;

import com.nimbusds.jose.jwk.JWK;
import dev.remit.kernel.identity.PersonName;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How a workload proves that it is a given identity.
public sealed interface Authentication {

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

  /// A person signs in, at a client that logs in by itself, and lets it act for them.
  ///
  /// @param people who may; never empty
  /// @param clients the client IDs at which; empty for any client
  record SignIn(Set<PersonName> people, Set<URI> clients) implements Authentication {
    public SignIn {
      people = Set.copyOf(people);
      clients = Set.copyOf(clients);
      if (people.isEmpty()) {
        throw new IllegalArgumentException("somebody signs in");
      }
    }

    /// Whether `person` may let the identity act for them at `client`.
    public boolean admits(PersonName person, URI client) {
      return people.contains(person) && (clients.isEmpty() || clients.contains(client));
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
