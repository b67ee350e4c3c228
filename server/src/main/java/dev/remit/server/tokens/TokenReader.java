package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import java.net.URI;
import java.text.ParseException;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;

/// Reads a task token back and verifies that this server signed it. Independent of [TokenMint]
/// except for the claims' form.
final class TokenReader {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int CHARS_MAX = 8 * 1024;

  private final URI issuer;
  private final SigningKeys keys;

  TokenReader(URI issuer, SigningKeys keys) {
    this.issuer = issuer;
    this.keys = keys;
  }

  sealed interface Reading {
    /// A token that this server signed.
    ///
    /// @param kid the key that signed it
    record Read(TokenBody body, String kid) implements Reading {}

    record Unreadable(String reasonCode) implements Reading {}
  }

  Reading read(String token, Instant now) {
    if (token.length() > CHARS_MAX) {
      return new Reading.Unreadable("too-long");
    }
    try {
      var jws = JWSObject.parse(token);
      var wrong = wrongHeader(jws.getHeader());
      return wrong.isEmpty() ? verified(jws, now) : new Reading.Unreadable(wrong);
    } catch (ParseException | IllegalArgumentException e) {
      return new Reading.Unreadable("malformed");
    }
  }

  private static String wrongHeader(JWSHeader header) {
    if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())) {
      return "wrong-algorithm";
    }
    if (!TokenMint.TYPE.equals(header.getType())) {
      return "wrong-type";
    }
    return header.getCriticalParams() == null ? "" : "unknown-header";
  }

  private Reading verified(JWSObject jws, Instant now) {
    var kid = jws.getHeader().getKeyID();
    var verifier = kid == null ? null : keys.verifier(kid, now).orElse(null);
    if (verifier == null) {
      return new Reading.Unreadable("unknown-key");
    }
    try {
      if (!jws.verify(verifier)) {
        return new Reading.Unreadable("bad-signature");
      }
    } catch (JOSEException e) {
      return new Reading.Unreadable("bad-signature");
    }
    return body(jws.getPayload().toBytes(), kid);
  }

  private Reading body(byte[] json, String kid) {
    // Signed by us, so well-formed; the issuer differs only if the public URL has changed.
    if (!JSON.readTree(json).path("iss").asString("").equals(issuer.toString())) {
      return new Reading.Unreadable("wrong-issuer");
    }
    return TokenBody.read(json)
        .<Reading>map(body -> new Reading.Read(body, kid))
        .orElseGet(() -> new Reading.Unreadable("not-a-task-token"));
  }
}
