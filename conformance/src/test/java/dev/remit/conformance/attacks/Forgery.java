package dev.remit.conformance.attacks;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A JWT that its maker wants to pass for another: any header, any claims, any key. Nothing is
/// checked here, least of all whether it makes sense.
///
/// @param header of any members
/// @param claims of any members
record Forgery(ObjectNode header, ObjectNode claims) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// Order of the P-256 group (FIPS 186-5): `s` and `n - s` verify alike.
  private static final BigInteger P256_ORDER = Curve.P_256.toECParameterSpec().getOrder();

  /// Takes a token apart, to change what it says.
  static Forgery of(String jwt) {
    int first = jwt.indexOf('.');
    return new Forgery(
        json(jwt.substring(0, first)), json(jwt.substring(first + 1, jwt.lastIndexOf('.'))));
  }

  private static ObjectNode json(String base64) {
    return (ObjectNode) JSON.readTree(new Base64URL(base64).decodeToString());
  }

  Forgery header(String name, Object value) {
    return with(header, name, value);
  }

  Forgery claim(String name, Object value) {
    return with(claims, name, value);
  }

  Forgery without(String claim) {
    claims.remove(claim);
    return this;
  }

  private Forgery with(ObjectNode in, String name, Object value) {
    in.set(name, JSON.valueToTree(value));
    return this;
  }

  /// For what is nested.
  Forgery claims(Consumer<ObjectNode> change) {
    change.accept(claims);
    return this;
  }

  String signedBy(ECKey key) {
    try {
      return signedWith(JWSAlgorithm.ES256, new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("sign with a P-256 key", e);
    }
  }

  /// Takes the public key, which everybody knows, for a secret that is shared.
  String macedWith(String publicKey) {
    try {
      header.put("alg", "HS256");
      var secret = Arrays.copyOf(publicKey.getBytes(StandardCharsets.UTF_8), 64);
      return signedWith(JWSAlgorithm.HS256, new MACSigner(secret));
    } catch (JOSEException e) {
      throw new IllegalStateException("a secret of 64 bytes", e);
    }
  }

  String unsecured() {
    header.put("alg", "none");
    return unsigned() + ".";
  }

  /// With any signature.
  String with(byte[] signature) {
    return unsigned() + "." + Base64URL.encode(signature);
  }

  private String signedWith(JWSAlgorithm algorithm, JWSSigner signer) throws JOSEException {
    var text = unsigned();
    return text
        + "."
        + signer.sign(new JWSHeader(algorithm), text.getBytes(StandardCharsets.US_ASCII));
  }

  private String unsigned() {
    return Base64URL.encode(header.toString()) + "." + Base64URL.encode(claims.toString());
  }

  static ECKey strangersKey(String keyId) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  /// The same token with the other signature that verifies as well.
  static String withTheOtherSignature(String jwt) {
    int dot = jwt.lastIndexOf('.');
    byte[] raw = new Base64URL(jwt.substring(dot + 1)).decode();
    var s = new BigInteger(1, Arrays.copyOfRange(raw, 32, 64));
    byte[] other = P256_ORDER.subtract(s).toByteArray();
    var out = Arrays.copyOf(raw, 32);
    out = Arrays.copyOf(out, 64);
    int length = Math.min(32, other.length);
    System.arraycopy(other, other.length - length, out, 64 - length, length);
    return jwt.substring(0, dot + 1) + Base64URL.encode(out);
  }

  /// The same token in other characters: the last one has bits that stand for nothing.
  static String inOtherCharacters(String jwt) {
    char last = jwt.charAt(jwt.length() - 1);
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return jwt.substring(0, jwt.length() - 1) + alphabet.charAt(alphabet.indexOf(last) ^ 1);
  }

  /// Objects in one another.
  static Map<String, Object> nested(int depth) {
    var inner = new TreeMap<String, Object>();
    for (int i = 0; i < depth; i++) {
      var outer = new TreeMap<String, Object>();
      outer.put("a", inner);
      inner = outer;
    }
    return inner;
  }
}
