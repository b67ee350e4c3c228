package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// A proof in the making: right in every respect until a test makes it wrong in one.
final class Proof {
  private final Map<String, Object> claims = new LinkedHashMap<>();
  private final JWK key;
  private JWSAlgorithm algorithm = JWSAlgorithm.ES256;
  private String type = "JWT";

  private Proof(JWK key) {
    this.key = key;
  }

  /// What an identity says of itself.
  static Proof own(String spiffeId, JWK key, Instant now) {
    return new Proof(key)
        .with("iss", spiffeId)
        .with("sub", spiffeId)
        .with("aud", TokenWorld.ISSUER.toString())
        .with("jti", UUID.randomUUID().toString())
        .with("iat", now.getEpochSecond())
        .with("exp", now.plusSeconds(60).getEpochSecond());
  }

  /// What a platform says of a workload.
  static Proof of(TestIssuer issuer, String subject, Instant now) {
    return new Proof(issuer.key())
        .with("iss", issuer.uri().toString())
        .with("sub", subject)
        .with("aud", "remit")
        .with("iat", now.getEpochSecond())
        .with("exp", now.plusSeconds(600).getEpochSecond());
  }

  Proof with(String claim, Object value) {
    claims.put(claim, value);
    return this;
  }

  Proof without(String claim) {
    claims.remove(claim);
    return this;
  }

  Proof algorithm(JWSAlgorithm other) {
    algorithm = other;
    return this;
  }

  Proof type(String other) {
    type = other;
    return this;
  }

  String sign() {
    try {
      return sign(
          switch (key) {
            case ECKey ec -> new ECDSASigner(ec);
            case RSAKey rsa -> new RSASSASigner(rsa);
            default -> throw new IllegalArgumentException("no signer for " + key.getKeyType());
          });
    } catch (JOSEException e) {
      throw new IllegalStateException("sign a proof", e);
    }
  }

  String sign(JWSSigner signer) {
    var header =
        new JWSHeader.Builder(algorithm)
            .type(new JOSEObjectType(type))
            .keyID(key.getKeyID())
            .build();
    var jwt = new JWSObject(header, new Payload(claims));
    try {
      jwt.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("sign a proof", e);
    }
    return jwt.serialize();
  }
}
