package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import dev.remit.server.crypto.Crypto;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.text.ParseException;
import java.time.Instant;

/// One P-256 key pair, ready to sign and to verify.
///
/// @param published its public part, with use, algorithm and key id
/// @param signsFrom when it began to sign, or will
record SigningKey(
    String kid, ECKey published, JWSSigner signer, JWSVerifier verifier, Instant signsFrom) {

  /// Makes a new one; its key id is the RFC 7638 thumbprint.
  static ECKey fresh() {
    try {
      var generator = KeyPairGenerator.getInstance("EC", Crypto.install());
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
          .privateKey((ECPrivateKey) pair.getPrivate())
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyIDFromThumbprint()
          .build();
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException("cannot make a P-256 key", e);
    }
  }

  /// Reads a key pair as it was stored.
  static SigningKey parse(String jwk, Instant signsFrom) {
    try {
      var key = ECKey.parse(jwk);
      var signer = new ECDSASigner(key);
      signer.getJCAContext().setProvider(Crypto.install());
      var verifier = new ECDSAVerifier(key.toPublicJWK());
      verifier.getJCAContext().setProvider(Crypto.install());
      return new SigningKey(key.getKeyID(), key.toPublicJWK(), signer, verifier, signsFrom);
    } catch (ParseException | JOSEException e) {
      throw new IllegalStateException("a row of signing_key does not hold a P-256 key", e);
    }
  }

  /// What the wrapped private part is bound to.
  static String purpose(String kid) {
    return "signing-key/" + kid;
  }
}
