package dev.remit.server.certificates;

import dev.remit.server.crypto.Crypto;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// An authority that signs X.509-SVIDs: a P-256 key and its own certificate, which carries the
/// trust domain as its one URI name and can certify no further authority.
///
/// Each has another subject, so that of two in the bundle nobody confuses one's certificates and
/// lists with the other's.
///
/// Source: X509-SVID, sections 2 to 4; RFC 5280, section 4.2.
///
/// @param id half the SHA-256 of its public key, in lower-case hexadecimal
/// @param signsFrom when it began to sign, or will
/// @param revokedAt since when it is trusted no more
record Authority(
    String id,
    X509Certificate certificate,
    PrivateKey key,
    Instant signsFrom,
    Optional<Instant> revokedAt) {
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final Duration BACK_DATED = Duration.ofHours(1);
  private static final int ID_BYTES = 16;

  /// A new one that nothing is stored of yet.
  @SuppressWarnings("ArrayRecordComponent") // written once and compared never
  record Fresh(String id, byte[] certificate, byte[] key) {
    @Override
    public String toString() {
      return id;
    }
  }

  static Fresh fresh(String trustDomain, Instant now, Instant expiresAt) {
    try {
      var generator = KeyPairGenerator.getInstance("EC", Crypto.install());
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      var id = id(pair.getPublic());
      var certificate = selfSigned(id, trustDomain, pair, now.minus(BACK_DATED), expiresAt);
      return new Fresh(id, certificate, pair.getPrivate().getEncoded());
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("cannot make an authority for certificates", e);
    }
  }

  private static byte[] selfSigned(
      String id, String trustDomain, KeyPair pair, Instant from, Instant to)
      throws CertIOException, OperatorCreationException, GeneralSecurityException {
    var name = subject(id);
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(1, hex(id)),
            Date.from(from),
            Date.from(to),
            name,
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://" + trustDomain)));
    try {
      return builder.build(signer(pair.getPrivate())).getEncoded();
    } catch (java.io.IOException e) {
      throw new IllegalStateException("a certificate that was just made cannot be written", e);
    }
  }

  private static X500Name subject(String id) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, "Remit")
        .addRDN(BCStyle.SERIALNUMBER, id)
        .build();
  }

  /// Reads one as it was stored.
  static Authority of(AuthorityStore.Stored stored, byte[] key) {
    try {
      return new Authority(
          stored.id(),
          read(stored.certificate()),
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
          stored.signsFrom(),
          stored.revokedAt());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "a row of certificate_authority does not hold a P-256 key and its certificate", e);
    }
  }

  static X509Certificate read(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /// What the wrapped private part is bound to.
  static String purpose(String id) {
    return "certificate-authority/" + id;
  }

  boolean isTrusted() {
    return revokedAt.isEmpty();
  }

  /// Whether `certificate` says that this authority has signed it.
  boolean isNamedBy(X509Certificate certificate) {
    return certificate.getIssuerX500Principal().equals(this.certificate.getSubjectX500Principal());
  }

  X500Name name() {
    return subject(id);
  }

  ContentSigner signer() throws OperatorCreationException {
    return signer(key);
  }

  private static ContentSigner signer(PrivateKey key) throws OperatorCreationException {
    return new JcaContentSignerBuilder(ALGORITHM).setProvider(Crypto.install()).build(key);
  }

  private static String id(PublicKey key) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    return HexFormat.of().formatHex(digest, 0, ID_BYTES);
  }

  private static byte[] hex(String id) {
    return HexFormat.of().parseHex(id);
  }

  /// Says nothing of the key.
  @Override
  public String toString() {
    return "authority " + id;
  }
}
