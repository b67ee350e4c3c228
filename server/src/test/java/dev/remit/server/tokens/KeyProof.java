package dev.remit.server.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import dev.remit.server.crypto.Crypto;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/// A DPoP proof in the making: right in every respect until a test makes it wrong in one. Written
/// byte by byte, since a library would refuse to make what an attacker sends.
public final class KeyProof {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ECKey key;
  private final Map<String, Object> header = new LinkedHashMap<>();
  private final Map<String, Object> claims = new LinkedHashMap<>();

  private KeyProof(ECKey key) {
    this.key = key;
  }

  public static KeyProof of(ECKey key, String method, URI target, Instant now) {
    return new KeyProof(key)
        .header("typ", "dpop+jwt")
        .header("alg", "ES256")
        .header("jwk", key.toPublicJWK().toJSONObject())
        .with("jti", UUID.randomUUID().toString())
        .with("htm", method)
        .with("htu", target.toString())
        .with("iat", now.getEpochSecond());
  }

  public static ECKey freshKey() {
    return TestIssuer.fresh("holder");
  }

  static String thumbprint(ECKey key) {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public KeyProof nonce(String nonce) {
    return with("nonce", nonce);
  }

  public KeyProof forToken(String token) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return with("ath", base64(sha256.digest(token.getBytes(StandardCharsets.US_ASCII))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  KeyProof with(String claim, Object value) {
    claims.put(claim, value);
    return this;
  }

  KeyProof without(String claim) {
    claims.remove(claim);
    return this;
  }

  KeyProof header(String name, Object value) {
    header.put(name, value);
    return this;
  }

  KeyProof withoutHeader(String name) {
    header.remove(name);
    return this;
  }

  public String sign() {
    return signedBy(key);
  }

  String signedBy(ECKey other) {
    try {
      var signer = Signature.getInstance("SHA256withECDSAinP1363Format", Crypto.install());
      signer.initSign(other.toECPrivateKey());
      signer.update(input().getBytes(StandardCharsets.US_ASCII));
      return input() + "." + base64(signer.sign());
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException("sign a DPoP proof", e);
    }
  }

  /// What is signed.
  String input() {
    return base64(JSON.writeValueAsBytes(header)) + "." + base64(JSON.writeValueAsBytes(claims));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
