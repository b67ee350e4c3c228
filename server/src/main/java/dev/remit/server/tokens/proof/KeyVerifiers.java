package dev.remit.server.tokens.proof;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.remit.kernel.canonical.Digest;
import dev.remit.server.crypto.Crypto;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which public keys verify which algorithms. The key decides, never the token's header alone.
final class KeyVerifiers {
  private static final int RSA_BITS_MIN = 2048;
  private static final int RSA_BITS_MAX = 8192;

  private static final int MADE_MAX = 50_000;

  // Making one costs more than verifying with it. Only declared and published keys get here.
  private final Map<JWK, JWSVerifier> made = new ConcurrentHashMap<>();

  /// Whether `key` is meant and strong enough for `algorithm`.
  static boolean fits(JWK key, JWSAlgorithm algorithm) {
    if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
      return false;
    }
    if (key.getKeyOperations() != null && !key.getKeyOperations().contains(KeyOperation.VERIFY)) {
      return false;
    }
    if (key.getAlgorithm() != null && !sameFamily(key, algorithm)) {
      return false;
    }
    return switch (key) {
      case ECKey ec when ec.getCurve().equals(Curve.P_256) -> algorithm.equals(JWSAlgorithm.ES256);
      case ECKey ec when ec.getCurve().equals(Curve.P_384) -> algorithm.equals(JWSAlgorithm.ES384);
      case RSAKey rsa when rsa.size() >= RSA_BITS_MIN && rsa.size() <= RSA_BITS_MAX ->
          algorithm.equals(JWSAlgorithm.RS256) || algorithm.equals(JWSAlgorithm.PS256);
      case OctetKeyPair okp when okp.getCurve().equals(Curve.Ed25519) -> isEdDsa(algorithm);
      default -> false;
    };
  }

  /// Returns what verifies signatures of `key`, which [#fits] some algorithm.
  JWSVerifier of(JWK key) {
    if (made.size() > MADE_MAX) {
      made.clear();
    }
    return made.computeIfAbsent(key, KeyVerifiers::make);
  }

  /// The same, not remembered: for keys that anybody may bring.
  static JWSVerifier fresh(JWK key) {
    return make(key);
  }

  /// Returns what names `key` in entries: the digest of its thumbprint (RFC 7638).
  static Digest digest(JWK key) {
    try {
      return Digest.of(key.computeThumbprint().toString());
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static JWSVerifier make(JWK key) {
    try {
      var verifier = verifier(key);
      verifier.getJCAContext().setProvider(Crypto.install());
      return verifier;
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot verify with a " + key.getKeyType() + " key", e);
    }
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key) {
      case ECKey ec -> new ECDSAVerifier(ec);
      case RSAKey rsa -> new RSASSAVerifier(rsa);
      case OctetKeyPair okp -> new Ed25519Verifier(okp.toPublicJWK());
      default -> throw new JOSEException("not a public signature key");
    };
  }

  private static boolean sameFamily(JWK key, JWSAlgorithm algorithm) {
    return key.getAlgorithm().getName().equals(algorithm.getName())
        || (isEdDsa(algorithm) && isEdDsa(JWSAlgorithm.parse(key.getAlgorithm().getName())));
  }

  private static boolean isEdDsa(JWSAlgorithm algorithm) {
    return algorithm.equals(JWSAlgorithm.EdDSA) || algorithm.equals(JWSAlgorithm.Ed25519);
  }
}
