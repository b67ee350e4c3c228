package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import java.net.URI;

/// Signs task tokens.
final class TokenMint {
  /// The `typ` of an access token in JWT form (RFC 9068, section 2.1).
  static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

  private final URI issuer;
  private final SigningKeys keys;

  TokenMint(URI issuer, SigningKeys keys) {
    this.issuer = issuer;
    this.keys = keys;
  }

  String sign(TokenBody body) {
    var signing = keys.signing();
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).type(TYPE).keyID(signing.kid()).build();
    var token = new JWSObject(header, new Payload(body.toJson(issuer)));
    try {
      token.sign(signing.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign a task token with key " + signing.kid(), e);
    }
    return token.serialize();
  }
}
