package dev.remit.kernel.timestamp;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The one signature of a timestamp, over attributes that name what was signed and by whom.
///
/// Source: RFC 5652, section 5.4; RFC 2634 and RFC 5035 for the certificate that it names.
final class TimestampSignature {
  private static final String CONTENT_TYPE = "1.2.840.113549.1.9.3";
  private static final String MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
  private static final String SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
  private static final String SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
  private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
  private static final String RSA_PSS = "1.2.840.113549.1.1.10";
  private static final Map<String, String> DIGESTS =
      Map.of(
          "2.16.840.1.101.3.4.2.1", "SHA-256",
          "2.16.840.1.101.3.4.2.2", "SHA-384",
          "2.16.840.1.101.3.4.2.3", "SHA-512");

  private final byte[] signed;
  private final Der attributes;
  private final String digest;
  private final String algorithm;
  private final byte[] bytes;
  private final Map<String, Der> values = new HashMap<>();

  /// @param signer the `SignerInfo`
  /// @param signed what it signs, by its digest
  TimestampSignature(Der signer, byte[] signed) {
    var parts = signer.within(Der.SEQUENCE);
    if (parts.size() < 6 || !parts.get(3).is(Der.CONTEXT_0)) {
      throw new IllegalArgumentException("its signature names no attributes");
    }
    this.signed = signed;
    this.digest = digest(parts.get(2));
    this.attributes = parts.get(3);
    this.algorithm = parts.get(4).within(Der.SEQUENCE).getFirst().oid();
    this.bytes = parts.get(5).octets();
    for (var attribute : attributes.within(Der.CONTEXT_0)) {
      var pair = attribute.within(Der.SEQUENCE);
      values.put(pair.getFirst().oid(), pair.get(1).only(Der.SET));
    }
  }

  private static String digest(Der algorithm) {
    var oid = algorithm.within(Der.SEQUENCE).getFirst().oid();
    var name = DIGESTS.get(oid);
    if (name == null) {
      throw new IllegalArgumentException("its digest `" + oid + "` is not known, or too weak");
    }
    return name;
  }

  /// Whether the attributes name `certificate` as that of the signer.
  boolean names(X509Certificate certificate) {
    try {
      var v2 = values.get(SIGNING_CERTIFICATE_V2);
      var v1 = values.get(SIGNING_CERTIFICATE);
      var named = v2 == null ? v1 : v2;
      if (named == null) {
        return false;
      }
      var id = first(named);
      boolean saysHow = id.getFirst().is(Der.SEQUENCE);
      var hash = v2 == null ? "SHA-1" : saysHow ? digest(id.getFirst()) : "SHA-256";
      return Arrays.equals(
          id.get(saysHow ? 1 : 0).octets(),
          MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a certificate cannot be read", e);
    }
  }

  /// The id of the first certificate, which is the signer's.
  private static List<Der> first(Der signingCertificate) {
    return signingCertificate
        .within(Der.SEQUENCE)
        .getFirst()
        .within(Der.SEQUENCE)
        .getFirst()
        .within(Der.SEQUENCE);
  }

  TimestampCheck check(X509Certificate certificate, Instant at) {
    try {
      if (!mayStamp(certificate, at)) {
        return new TimestampCheck.Wrong(
            "the certificate of `" + name(certificate) + "` was not one for timestamps at " + at);
      }
      var type = values.get(CONTENT_TYPE);
      var digested = values.get(MESSAGE_DIGEST);
      boolean isAboutIt =
          type != null
              && type.oid().equals(Timestamp.TST_INFO)
              && digested != null
              && Arrays.equals(digested.octets(), MessageDigest.getInstance(digest).digest(signed));
      var verifier = Signature.getInstance(scheme(certificate));
      verifier.initVerify(certificate.getPublicKey());
      verifier.update((byte) Der.SET); // RFC 5652, section 5.4: signed as a SET, sent as [0]
      verifier.update(attributes.whole(), 1, attributes.whole().length - 1);
      return isAboutIt && verifier.verify(bytes)
          ? new TimestampCheck.Signed(name(certificate))
          : wrong(certificate);
    } catch (GeneralSecurityException e) {
      return wrong(certificate);
    }
  }

  private static TimestampCheck wrong(X509Certificate certificate) {
    return new TimestampCheck.Wrong("the signature of `" + name(certificate) + "` is wrong");
  }

  private static boolean mayStamp(X509Certificate certificate, Instant at)
      throws CertificateParsingException {
    try {
      certificate.checkValidity(Date.from(at));
    } catch (CertificateException e) {
      return false;
    }
    var uses = certificate.getExtendedKeyUsage();
    return uses != null && uses.contains(TIME_STAMPING);
  }

  private String scheme(X509Certificate certificate) {
    if (algorithm.equals(RSA_PSS)) {
      throw new IllegalArgumentException(
          "its signature is RSASSA-PSS, which is not read here: check it with `openssl ts -verify`");
    }
    var with = digest.replace("-", "") + "with";
    return switch (certificate.getPublicKey().getAlgorithm()) {
      case "RSA" -> with + "RSA";
      case "EC" -> with + "ECDSA";
      case "EdDSA" -> "Ed25519";
      case String other -> throw new IllegalArgumentException("its key is `" + other + "`");
    };
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
