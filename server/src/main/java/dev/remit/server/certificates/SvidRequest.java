package dev.remit.server.certificates;

import dev.remit.kernel.identity.SpiffeId;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/// What a workload asks to have certified: its public key, shown to be its own by the request's
/// signature. The private part never leaves the workload.
///
/// A request may name what it gets anyway and nothing else: what it asked for in vain, its sender
/// would believe to have. Its subject says nothing and is not looked at.
///
/// Source: RFC 2986 (PKCS #10); X509-SVID, sections 2 to 4.
///
/// @param key the public key, ready to be certified
record SvidRequest(PublicKey key) {
  static final int CHARS_MAX = 16 * 1024;
  private static final int RSA_BITS_MIN = 2048;
  private static final int RSA_BITS_MAX = 4096;
  private static final int RSA_EXPONENT_MIN = 65_537;
  private static final int RSA_EXPONENT_BITS_MAX = 32;
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\\s]++)"
              + "-----END (?:NEW )?CERTIFICATE REQUEST-----");
  private static final Set<ASN1ObjectIdentifier> CURVES =
      Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1);
  private static final Set<ASN1ObjectIdentifier> SIGNATURES =
      Set.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256,
          X9ObjectIdentifiers.ecdsa_with_SHA384,
          X9ObjectIdentifiers.ecdsa_with_SHA512,
          PKCSObjectIdentifiers.sha256WithRSAEncryption,
          PKCSObjectIdentifiers.sha384WithRSAEncryption,
          PKCSObjectIdentifiers.sha512WithRSAEncryption);

  /// What comes of reading one.
  sealed interface Read {
    record Good(SvidRequest request) implements Read {}

    /// It is not taken.
    ///
    /// @param reasonCode a stable word
    /// @param detail what is wrong
    /// @param remedy what to do about it
    record Wrong(String reasonCode, String detail, String remedy) implements Read {}
  }

  /// Reads a request in PEM, for a certificate of `subject`.
  static Read read(String pem, SpiffeId subject) {
    var found = PEM.matcher(pem.strip());
    if (pem.length() > CHARS_MAX || !found.matches()) {
      return wrong(
          "csr-unreadable",
          "`csr` is not one PKCS #10 request in PEM of at most " + CHARS_MAX + " characters");
    }
    try {
      var der = Base64.getMimeDecoder().decode(found.group(1));
      return read(new PKCS10CertificationRequest(der), subject);
    } catch (IOException | RuntimeException e) {
      // The parser tells what it does not like by many kinds of exceptions.
      return wrong("csr-unreadable", "`csr` is not a PKCS #10 request");
    }
  }

  private static Read read(PKCS10CertificationRequest request, SpiffeId subject)
      throws IOException {
    var info = request.getSubjectPublicKeyInfo();
    var weak = weakness(info);
    if (weak.isPresent()) {
      return new Read.Wrong(
          "csr-key", weak.get(), "make a P-256 key: openssl ecparam -name prime256v1 -genkey");
    }
    if (!SIGNATURES.contains(request.getSignatureAlgorithm().getAlgorithm())) {
      return wrong("csr-signature", "the request is not signed with SHA-256, SHA-384 or SHA-512");
    }
    var key = key(info);
    if (key.isEmpty() || !isSigned(request, key.get())) {
      return wrong("csr-signature", "the request is not signed with the key that it is for");
    }
    return asked(request, subject)
        .<Read>map(what ->
            new Read.Wrong(
                "csr-extension",
                "the request asks for " + what + ", which the certificate will not have",
                "ask for nothing; the certificate is for `" + subject + "` alone"))
        .orElseGet(() -> new Read.Good(new SvidRequest(key.get())));
  }

  private static Optional<String> weakness(SubjectPublicKeyInfo info) throws IOException {
    var algorithm = info.getAlgorithm();
    if (algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      boolean isKnown =
          algorithm.getParameters() instanceof ASN1ObjectIdentifier curve && CURVES.contains(curve);
      return isKnown ? Optional.empty() : Optional.of("the key's curve is not P-256 or P-384");
    }
    if (!algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return Optional.of("the key is neither EC nor RSA");
    }
    var rsa = RSAPublicKey.getInstance(info.parsePublicKey());
    int bits = rsa.getModulus().bitLength();
    if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
      return Optional.of(
          "an RSA key has %d to %d bits, not %d".formatted(RSA_BITS_MIN, RSA_BITS_MAX, bits));
    }
    var exponent = rsa.getPublicExponent();
    boolean isUsual =
        exponent.signum() > 0
            && exponent.testBit(0)
            && exponent.bitLength() <= RSA_EXPONENT_BITS_MAX
            && exponent.longValueExact() >= RSA_EXPONENT_MIN;
    return isUsual ? Optional.empty() : Optional.of("the RSA key's exponent is not 65537");
  }

  /// The key itself; empty if its bytes are none, such as a point beside the curve.
  private static Optional<PublicKey> key(SubjectPublicKeyInfo info) throws IOException {
    boolean isRsa = info.getAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption);
    try {
      return Optional.of(
          KeyFactory.getInstance(isRsa ? "RSA" : "EC")
              .generatePublic(new X509EncodedKeySpec(info.getEncoded())));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static boolean isSigned(PKCS10CertificationRequest request, PublicKey key) {
    try {
      return request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
    } catch (OperatorCreationException | PKCSException e) {
      return false;
    }
  }

  /// Names the first thing asked for that it does not get.
  private static Optional<String> asked(PKCS10CertificationRequest request, SpiffeId subject) {
    for (var attribute : request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
      for (var value : attribute.getAttributeValues()) {
        var extensions = Extensions.getInstance(value);
        for (var oid : extensions.getExtensionOIDs()) {
          var beyond = beyond(oid, extensions.getExtension(oid), subject);
          if (beyond.isPresent()) {
            return beyond;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> beyond(
      ASN1ObjectIdentifier oid, Extension extension, SpiffeId subject) {
    var value = extension.getParsedValue();
    if (oid.equals(Extension.subjectKeyIdentifier)) {
      // Computed from the key anyway.
      return Optional.empty();
    }
    if (oid.equals(Extension.subjectAlternativeName)) {
      var own = new GeneralName(GeneralName.uniformResourceIdentifier, subject.value());
      return only(
          List.of(GeneralNames.getInstance(value).getNames()).equals(List.of(own)),
          "another name than `" + subject + "`");
    }
    if (oid.equals(Extension.basicConstraints)) {
      return only(!BasicConstraints.getInstance(value).isCA(), "being an authority (CA:TRUE)");
    }
    if (oid.equals(Extension.keyUsage)) {
      return only(
          KeyUsage.getInstance(value).equals(new KeyUsage(KeyUsage.digitalSignature)),
          "another key usage than digitalSignature");
    }
    if (oid.equals(Extension.extendedKeyUsage)) {
      var uses = Set.of(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth);
      return only(
          uses.containsAll(List.of(ExtendedKeyUsage.getInstance(value).getUsages())),
          "another use than as a TLS client and server");
    }
    return Optional.of("the extension " + oid.getId());
  }

  private static Optional<String> only(boolean isFine, String otherwise) {
    return isFine ? Optional.empty() : Optional.of(otherwise);
  }

  private static Read wrong(String reasonCode, String detail) {
    return new Read.Wrong(
        reasonCode, detail, "make one with: openssl req -new -key svid.key -subj /");
  }
}
