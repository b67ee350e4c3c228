package dev.remit.server.tokens.proof;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Whom a trust domain trusts at one time. Both lists may be empty: then it trusts nobody any more.
///
/// Source: SPIFFE Trust Domain and Bundle, section 4.
///
/// @param sequence `spiffe_sequence`, 0 without; a newer bundle has a higher one
/// @param refreshHint `spiffe_refresh_hint`: how soon to ask again
/// @param jwtKeys that sign JWT-SVIDs, each with a key id
/// @param authorities that sign X.509-SVIDs
record SpiffeBundle(
    long sequence,
    Optional<Duration> refreshHint,
    List<JWK> jwtKeys,
    List<X509Certificate> authorities) {
  private static final int KEYS_MAX = 64;
  private static final long HINT_MAX = 31_536_000; // a year

  SpiffeBundle {
    jwtKeys = List.copyOf(jwtKeys);
    authorities = List.copyOf(authorities);
  }

  /// @throws UnusableDocument when it is no bundle, or too large a one
  static SpiffeBundle read(JsonNode document) {
    if (!document.path("keys").isArray() || document.path("keys").size() > KEYS_MAX) {
      throw new UnusableDocument("it has no `keys`, or more than " + KEYS_MAX);
    }
    var jwtKeys = new ArrayList<JWK>();
    var authorities = new ArrayList<X509Certificate>();
    try {
      for (var key : JWKSet.parse(document.toString()).getKeys()) {
        var use = key.getKeyUse() == null ? "" : key.getKeyUse().identifier();
        if (use.equals("jwt-svid") && key.getKeyID() != null && !key.isPrivate()) {
          jwtKeys.add(forSignatures(key));
        } else if (use.equals("x509-svid")) {
          authorities.add(authority(key));
        }
      }
    } catch (ParseException | IllegalArgumentException e) {
      throw new UnusableDocument("it is not a JWK set");
    }
    return new SpiffeBundle(
        document.path("spiffe_sequence").asLong(0), hint(document), jwtKeys, authorities);
  }

  boolean hasKey(Optional<String> kid) {
    return jwtKeys.stream().anyMatch(key -> kid.equals(Optional.of(key.getKeyID())));
  }

  boolean hasIssuerOf(X509Certificate certificate) {
    return authorities.stream()
        .anyMatch(authority ->
            authority.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()));
  }

  private static Optional<Duration> hint(JsonNode document) {
    long seconds = document.path("spiffe_refresh_hint").asLong(0);
    return seconds > 0 && seconds <= HINT_MAX
        ? Optional.of(Duration.ofSeconds(seconds))
        : Optional.empty();
  }

  /// The same key, not marked for another use than signatures.
  private static JWK forSignatures(JWK key) {
    return switch (key) {
      case ECKey ec -> new ECKey.Builder(ec).keyUse(null).build();
      case RSAKey rsa -> new RSAKey.Builder(rsa).keyUse(null).build();
      default -> throw new UnusableDocument("a jwt-svid key is neither EC nor RSA");
    };
  }

  private static X509Certificate authority(JWK key) {
    var chain = key.getParsedX509CertChain();
    if (chain == null || chain.size() != 1) {
      throw new UnusableDocument("an x509-svid key has not exactly one certificate in x5c");
    }
    return chain.getFirst();
  }
}
