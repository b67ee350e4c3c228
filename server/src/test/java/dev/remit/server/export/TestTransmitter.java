package dev.remit.server.export;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// Signs with a key of its own, and knows one identity.
final class TestTransmitter implements Transmitter {
  private final ECKey key;

  TestTransmitter() {
    try {
      key = new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  ECKey published() {
    return key.toPublicJWK();
  }

  @Override
  public URI issuer() {
    return URI.create("https://remit.test");
  }

  @Override
  public String sign(byte[] claims, Instant now) {
    try {
      var header =
          new JWSHeader.Builder(JWSAlgorithm.ES256)
              .type(new JOSEObjectType("secevent+jwt"))
              .keyID(key.getKeyID())
              .build();
      var jwt = new JWSObject(header, new Payload(claims));
      jwt.sign(new ECDSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Optional<String> subject(String identity) {
    return identity.equals("agent")
        ? Optional.of("spiffe://remit.test/payments/agent")
        : Optional.empty();
  }
}
