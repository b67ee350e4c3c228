package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.Base64;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// SPIFFE bundles in the making.
final class Bundles {

  private Bundles() {}

  static String of(TestCertificates authority) {
    return of(List.of(authority), List.of()).toString();
  }

  static ObjectNode of(List<TestCertificates> authorities, List<ECKey> jwtKeys) {
    var keys = new ArrayList<JWK>();
    try {
      for (var authority : authorities) {
        var certificate = authority.certificate();
        keys.add(
            new ECKey.Builder(ECKey.parse(certificate))
                .keyID(null)
                .keyUse(new KeyUse("x509-svid"))
                .x509CertChain(List.of(Base64.encode(certificate.getEncoded())))
                .build());
      }
    } catch (JOSEException | CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
    for (var key : jwtKeys) {
      keys.add(new ECKey.Builder(key.toPublicJWK()).keyUse(new KeyUse("jwt-svid")).build());
    }
    return (ObjectNode) JsonMapper.shared().readTree(new JWKSet(keys).toString());
  }
}
