package dev.remit.server.credentials.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.registry.HttpAuth.OAuthClient;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.UUID;

/// Proves to a token endpoint that Remit is the client it says: RFC 6749, section 2.3, and RFC
/// 7523. The secret is opened for this one request.
final class ClientProof {
  private static final Duration LIFE = Duration.ofSeconds(60);

  private final Secrets secrets;

  ClientProof(Secrets secrets) {
    this.secrets = secrets;
  }

  void add(
      OAuthClient whose,
      URI endpoint,
      HttpRequest.Builder request,
      Map<String, String> form,
      Instant now) {
    switch (whose.method()) {
      case CLIENT_SECRET_BASIC -> {
        // Encoded as in a form before it is joined (RFC 6749, section 2.3.1).
        var pair =
            URLEncoder.encode(whose.id(), UTF_8) + ":" + URLEncoder.encode(secret(whose), UTF_8);
        request.header(
            "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
      }
      case CLIENT_SECRET_POST -> {
        form.put("client_id", whose.id());
        form.put("client_secret", secret(whose));
      }
      case PRIVATE_KEY_JWT -> {
        form.put("client_id", whose.id());
        form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.put("client_assertion", assertion(whose, endpoint, now));
      }
      case NONE -> form.put("client_id", whose.id());
    }
  }

  private String secret(OAuthClient whose) {
    return secrets.needed(new SecretName(whose.secret().orElseThrow())).reveal();
  }

  private String assertion(OAuthClient whose, URI endpoint, Instant now) {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(whose.id())
            .subject(whose.id())
            .audience(endpoint.toString())
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(LIFE)))
            .build();
    try {
      var key = JWK.parse(secret(whose));
      var signed =
          new SignedJWT(
              new JWSHeader.Builder(algorithm(key)).keyID(key.getKeyID()).build(), claims);
      signed.sign(signer(key));
      return signed.serialize();
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      // The cause may quote the key.
      throw new SecretUnavailable(
          "the secret `"
              + whose.secret().orElseThrow()
              + "` is not a private JSON Web Key of type EC (P-256, P-384) or RSA");
    }
  }

  private static JWSAlgorithm algorithm(JWK key) {
    if (key instanceof ECKey ec) {
      return ec.getCurve().equals(Curve.P_384) ? JWSAlgorithm.ES384 : JWSAlgorithm.ES256;
    }
    return JWSAlgorithm.RS256;
  }

  private static JWSSigner signer(JWK key) throws JOSEException {
    return switch (key) {
      case ECKey ec -> new ECDSASigner(ec);
      case RSAKey rsa -> new RSASSASigner(rsa);
      default -> throw new IllegalArgumentException("another type of key");
    };
  }
}
