package dev.remit.server.tokens.proof;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A JWT as it came in, split and within bounds, its signature not yet verified.
///
/// Only compact JWS with one of the asymmetric algorithms below: never `none`, never a shared key,
/// nothing encrypted, nested or with critical extensions.
final class SignedProof {
  static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.PS256,
          JWSAlgorithm.RS256,
          JWSAlgorithm.EdDSA,
          JWSAlgorithm.Ed25519);
  private static final int CHARS_MAX = 16 * 1024;
  private static final int KEYS_TRIED_MAX = 8;

  private final JWSObject jws;
  private final Claims claims;

  private SignedProof(JWSObject jws, Claims claims) {
    this.jws = jws;
    this.claims = claims;
  }

  sealed interface Parsed {
    record Proof(SignedProof proof) implements Parsed {}

    record Malformed(String reasonCode, String detail) implements Parsed {}
  }

  static Parsed parse(String text) {
    if (text.length() > CHARS_MAX) {
      return new Parsed.Malformed(
          "proof-too-long", "the proof is longer than " + CHARS_MAX + " characters");
    }
    if (text.chars().filter(c -> c == '.').count() != 2) {
      return new Parsed.Malformed(
          "proof-malformed", "the proof is not a signed JWT of three parts");
    }
    try {
      return checked(JWSObject.parse(text));
    } catch (ParseException | IllegalArgumentException e) {
      // `none` is no JWS algorithm, so an unsecured JWT ends here.
      return new Parsed.Malformed("proof-malformed", "the proof is not a signed JWT");
    }
  }

  private static Parsed checked(JWSObject jws) {
    var wrong = wrong(jws.getHeader());
    if (wrong.isPresent()) {
      return wrong.get();
    }
    return Claims.parse(jws.getPayload().toBytes())
        .<Parsed>map(claims -> new Parsed.Proof(new SignedProof(jws, claims)))
        .orElseGet(() ->
            new Parsed.Malformed(
                "proof-malformed", "the proof's claims are not one flat JSON object"));
  }

  /// Says what of a header is not accepted, before any key is looked at.
  static Optional<Parsed.Malformed> wrong(JWSHeader header) {
    if (!ALGORITHMS.contains(header.getAlgorithm())) {
      return Optional.of(
          new Parsed.Malformed(
              "proof-algorithm",
              "sign the proof with ES256, ES384, PS256, RS256 or EdDSA;"
                  + " shared keys are not accepted"));
    }
    if (header.getCriticalParams() != null || header.getContentType() != null) {
      return Optional.of(
          new Parsed.Malformed(
              "proof-header",
              "the proof's header has `crit` or `cty`: nested JWTs are not accepted"));
    }
    return Optional.empty();
  }

  /// Returns what the proof claims. Nothing of it is true before [#verifies].
  Claims claims() {
    return claims;
  }

  Optional<String> type() {
    return Optional.ofNullable(jws.getHeader().getType()).map(JOSEObjectType::getType);
  }

  Optional<String> keyId() {
    return Optional.ofNullable(jws.getHeader().getKeyID());
  }

  /// Returns the public key that the header brings along; who made the proof holds it, no more.
  Optional<JWK> embeddedKey() {
    return Optional.ofNullable(jws.getHeader().getJWK());
  }

  /// Returns those of `keys` that may have signed this, by key id, algorithm and use; at most
  /// eight.
  List<JWK> candidates(List<JWK> keys) {
    JWSHeader header = jws.getHeader();
    return keys.stream()
        .filter(key -> keyId().isEmpty() || keyId().get().equals(key.getKeyID()))
        .filter(key -> KeyVerifiers.fits(key, header.getAlgorithm()))
        .limit(KEYS_TRIED_MAX)
        .toList();
  }

  /// Whether `key` is meant and strong enough for the algorithm that this is signed with.
  boolean isFitFor(JWK key) {
    return KeyVerifiers.fits(key, jws.getHeader().getAlgorithm());
  }

  /// Whether the key behind `verifier` signed this.
  boolean verifies(JWSVerifier verifier) {
    try {
      return jws.verify(verifier);
    } catch (JOSEException e) {
      return false;
    }
  }
}
