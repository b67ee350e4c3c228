package dev.remit.server.signin;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;

/// An authenticator of software with one key, and the browser before it, written from the standard
/// and not with the library that checks it. It lies as it is told to.
///
/// Source: W3C Web Authentication, Level 3, sections 6.1, 6.5 and 5.8.1; RFC 9052, section 7.
final class SoftAuthenticator {
  private static final int PRESENT = 0x01;
  private static final int VERIFIED = 0x04;
  private static final int ATTESTED = 0x40;

  final byte[] id = new byte[16];
  private final KeyPair keys;
  String origin = SignInWorld.ISSUER.toString();
  String host = SignInWorld.ISSUER.getHost();
  boolean verifies = true;
  int counter = 1;

  SoftAuthenticator() {
    new SecureRandom().nextBytes(id);
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Makes its credential, for a challenge in base64url as a page gives it.
  String create(String challenge) {
    var client = client("webauthn.create", challenge);
    var data = new ByteArrayOutputStream();
    data.writeBytes(data(ATTESTED));
    data.writeBytes(new byte[16]);
    data.writeBytes(new byte[] {0, (byte) id.length});
    data.writeBytes(id);
    data.writeBytes(coseKey());
    var object = new ByteArrayOutputStream();
    object.write(0xa3);
    object.writeBytes(text("fmt"));
    object.writeBytes(text("none"));
    object.writeBytes(text("attStmt"));
    object.write(0xa0);
    object.writeBytes(text("authData"));
    object.writeBytes(bytes(data.toByteArray()));
    var json = JsonMapper.shared().createObjectNode();
    json.put("id", base64(id)).put("rawId", base64(id)).put("type", "public-key");
    json.putObject("clientExtensionResults");
    var response = json.putObject("response");
    response.put("clientDataJSON", base64(client));
    response.put("attestationObject", base64(object.toByteArray()));
    response.putArray("transports");
    return json.toString();
  }

  /// Signs a challenge.
  ///
  /// @param handle the person's, as the page gave it when the credential was made
  String sign(String challenge, byte[] handle) {
    var client = client("webauthn.get", challenge);
    var data = data(0);
    try {
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(data);
      signature.update(sha256(client));
      var json = JsonMapper.shared().createObjectNode();
      json.put("id", base64(id)).put("rawId", base64(id)).put("type", "public-key");
      json.putObject("clientExtensionResults");
      json.putObject("response")
          .put("clientDataJSON", base64(client))
          .put("authenticatorData", base64(data))
          .put("signature", base64(signature.sign()))
          .put("userHandle", base64(handle));
      return json.toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] client(String type, String challenge) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("type", type)
        .put("challenge", challenge)
        .put("origin", origin)
        .put("crossOrigin", false)
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] data(int more) {
    int flags = PRESENT | (verifies ? VERIFIED : 0) | more;
    return ByteBuffer.allocate(37)
        .put(sha256(host.getBytes(StandardCharsets.UTF_8)))
        .put((byte) flags)
        .putInt(counter)
        .array();
  }

  /// A COSE key: kty EC2, alg ES256, crv P-256, x, y.
  private byte[] coseKey() {
    var point = ((ECPublicKey) keys.getPublic()).getW();
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21});
    out.writeBytes(bytes(unsigned(point.getAffineX().toByteArray())));
    out.write(0x22);
    out.writeBytes(bytes(unsigned(point.getAffineY().toByteArray())));
    return out.toByteArray();
  }

  private static byte[] unsigned(byte[] number) {
    var padded = new byte[32];
    int length = Math.min(32, number.length);
    System.arraycopy(number, number.length - length, padded, 32 - length, length);
    return padded;
  }

  private static byte[] text(String text) {
    var utf8 = text.getBytes(StandardCharsets.UTF_8);
    var out = new byte[utf8.length + 1];
    out[0] = (byte) (0x60 | utf8.length);
    System.arraycopy(utf8, 0, out, 1, utf8.length);
    return out;
  }

  private static byte[] bytes(byte[] value) {
    var head =
        value.length < 256
            ? new byte[] {0x58, (byte) value.length}
            : new byte[] {0x59, (byte) (value.length >> 8), (byte) value.length};
    var out = Arrays.copyOf(head, head.length + value.length);
    System.arraycopy(value, 0, out, head.length, value.length);
    return out;
  }

  private static byte[] sha256(byte[] value) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] value) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
  }
}
