package dev.remit.cli.keys;

import dev.remit.kernel.canonical.Digest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A P-256 key pair that signs JSON Web Tokens with ES256.
///
/// Signs a few times an hour, so the platform's own cryptography is quick enough, and the command
/// starts without loading another.
///
/// Source: RFC 7517 and 7518 (the key), 7638 (its id), 7515 (the signature).
public final class SigningKey {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String CURVE = "secp256r1";
  private static final int COORDINATE_BYTES = 32;

  private final ObjectNode jwk;
  private final ECPrivateKey secret;

  private SigningKey(ObjectNode jwk, ECPrivateKey secret) {
    this.jwk = jwk;
    this.secret = secret;
  }

  public static SigningKey fresh() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      var pair = generator.generateKeyPair();
      var secret = (ECPrivateKey) pair.getPrivate();
      return new SigningKey(jwk((ECPublicKey) pair.getPublic(), secret), secret);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  /// Reads a private JSON Web Key.
  ///
  /// @throws IllegalArgumentException if it is not a private P-256 key
  static SigningKey of(JsonNode jwk) {
    try {
      if (!(jwk instanceof ObjectNode object) || !"P-256".equals(jwk.path("crv").asString(""))) {
        throw new IllegalArgumentException("not a P-256 key");
      }
      var d = new BigInteger(1, Base64.getUrlDecoder().decode(jwk.path("d").asString("")));
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(CURVE));
      var spec = new ECPrivateKeySpec(d, parameters.getParameterSpec(ECParameterSpec.class));
      return new SigningKey(
          object, (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(spec));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a private P-256 key", e);
    }
  }

  private static ObjectNode jwk(ECPublicKey open, ECPrivateKey secret) {
    var jwk = JSON.createObjectNode();
    jwk.put("kty", "EC").put("crv", "P-256");
    jwk.put("x", coordinate(open.getW().getAffineX()));
    jwk.put("y", coordinate(open.getW().getAffineY()));
    jwk.put("d", coordinate(secret.getS()));
    jwk.put("kid", thumbprint(jwk)).put("use", "sig").put("alg", "ES256");
    return jwk;
  }

  private static String thumbprint(ObjectNode jwk) {
    var canonical = JSON.createObjectNode();
    canonical.put("crv", "P-256").put("kty", "EC");
    canonical.put("x", jwk.path("x").asString()).put("y", jwk.path("y").asString());
    return base64(Digest.of(JSON.writeValueAsString(canonical)).bytes());
  }

  private static String coordinate(BigInteger value) {
    var bytes = value.toByteArray();
    var fixed = new byte[COORDINATE_BYTES];
    int length = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
    return base64(fixed);
  }

  /// Returns the key that others may see.
  public ObjectNode publicJwk() {
    return jwk.deepCopy().without("d");
  }

  ObjectNode privateJwk() {
    return jwk.deepCopy();
  }

  /// Returns a signed JSON Web Token with these claims.
  public String sign(JsonNode claims) {
    var header = JSON.createObjectNode();
    header.put("alg", "ES256").put("typ", "JWT").put("kid", jwk.path("kid").asString());
    return sign(header, claims);
  }

  /// The same with a header of the caller's, whose `alg` is ES256.
  public String sign(JsonNode header, JsonNode claims) {
    var input =
        base64(JSON.writeValueAsBytes(header)) + "." + base64(JSON.writeValueAsBytes(claims));
    try {
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(secret);
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform signs with P-256", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
