package dev.remit.server.registry;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Word;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

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

  /// It connects with a certificate for this name, which one of the configured authorities issued
  /// (`tls_client_auth`, RFC 8705, section 2.1).
  ///
  /// @param name no other identity has it
  record TlsClient(CertifiedName name) implements Authentication {}

  /// It connects with a certificate that is registered itself (`self_signed_tls_client_auth`, RFC
  /// 8705, section 2.2).
  ///
  /// @param thumbprints of certificates, SHA-256 in base64url, never empty; no other identity has
  ///   any of them
  record SelfSignedTls(List<String> thumbprints) implements Authentication {
    public SelfSignedTls {
      thumbprints = List.copyOf(thumbprints);
    }
  }

  /// Its SPIFFE implementation vouches for it, by a JWT-SVID or an X.509-SVID.
  ///
  /// @param id what the SVID says; of any trust domain whose bundle is configured, and no other
  ///   identity has it
  record Spiffe(SpiffeId id) implements Authentication {}

  /// A name in a certificate: `subject:CN=agent,O=Example`, `dns:agent.example` or `uri:…`.
  record CertifiedName(NameKind kind, String value) {

    /// Reads one as a manifest writes it.
    ///
    /// @throws IllegalArgumentException if it is of none of these forms
    static CertifiedName parse(String text) {
      int colon = text.indexOf(':');
      var kind = Word.parse(NameKind.class, colon < 0 ? "" : text.substring(0, colon));
      var value = text.substring(colon + 1);
      if (value.isBlank()) {
        throw new IllegalArgumentException("the name is empty");
      }
      if (kind == NameKind.SUBJECT) {
        new X500Principal(value);
      }
      return new CertifiedName(kind, value);
    }
  }

  /// Where a certificate says a name.
  enum NameKind implements Word {
    /// The distinguished name of its subject (RFC 4514).
    SUBJECT,

    /// A DNS name among its alternative names.
    DNS,

    /// A URI among its alternative names.
    URI
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
