package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEObjectType;
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
    return keys.sign(TYPE, body.toJson(issuer), body.issuedAt());
  }
}
