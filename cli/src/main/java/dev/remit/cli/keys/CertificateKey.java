package dev.remit.cli.keys;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;

/// A P-256 key pair for one certificate, and the request that asks for that.
///
/// The request is written by hand: it is one kind, without subject or extensions, and no reason for
/// a library on every laptop.
///
/// Source: RFC 2986 (PKCS #10), RFC 5208 (PKCS #8), RFC 7468 (PEM).
public final class CertificateKey {
  private static final byte[] VERSION_AND_NO_NAME = HexFormat.of().parseHex("0201003000");
  private static final byte[] NO_ATTRIBUTES = HexFormat.of().parseHex("a000");

  /// `ecdsa-with-SHA256`.
  private static final byte[] ALGORITHM = HexFormat.of().parseHex("300a06082a8648ce3d040302");

  private static final int SEQUENCE = 0x30;
  private static final int BIT_STRING = 0x03;
  private static final int SHORT_MAX = 0x7f;
  private static final int TWO_BYTES = 0x82;

  private final KeyPair pair;

  private CertificateKey(KeyPair pair) {
    this.pair = pair;
  }

  public static CertificateKey fresh() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new CertificateKey(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  /// Returns the private key in PEM.
  public String pem() {
    return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  /// Returns a request for a certificate of this key, in PEM.
  public String request() {
    var info = sequence(VERSION_AND_NO_NAME, pair.getPublic().getEncoded(), NO_ATTRIBUTES);
    try {
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(info);
      var signed = element(BIT_STRING, joined(new byte[1], signature.sign()));
      return pem("CERTIFICATE REQUEST", sequence(info, ALGORITHM, signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform signs with P-256", e);
    }
  }

  private static byte[] sequence(byte[]... parts) {
    return element(SEQUENCE, joined(parts));
  }

  private static byte[] element(int tag, byte[] content) {
    var head =
        content.length <= SHORT_MAX
            ? new byte[] {(byte) tag, (byte) content.length}
            : new byte[] {
              (byte) tag, (byte) TWO_BYTES, (byte) (content.length >> 8), (byte) content.length
            };
    return joined(head, content);
  }

  private static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static String pem(String what, byte[] der) {
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
  }
}
