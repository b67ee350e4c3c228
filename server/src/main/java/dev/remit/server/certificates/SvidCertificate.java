package dev.remit.server.certificates;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/// Signs one X.509-SVID, and looks at what was signed with other eyes: by the platform's reader,
/// which has not built it.
///
/// Source: X509-SVID, sections 2 to 4; RFC 5280, section 4.2.
final class SvidCertificate {
  private static final int URI_NAME = 6;
  private static final int DIGITAL_SIGNATURE = 0;
  private static final KeyPurposeId[] USES = {
    KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
  };

  private SvidCertificate() {}

  /// Signs the one that `svid` intends.
  ///
  /// @param from first moment at which it holds
  /// @param list where it is told whether it was revoked
  static X509Certificate sign(
      Svid svid, PublicKey key, Instant from, URI list, Authority authority) {
    try {
      var built = Authority.read(built(svid, key, from, list, authority));
      wrong(built, svid, key, authority)
          .ifPresent(what -> {
            throw new IllegalStateException("an SVID was built wrong: " + what);
          });
      return built;
    } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign the certificate " + svid.id(), e);
    }
  }

  private static byte[] built(Svid svid, PublicKey key, Instant from, URI list, Authority authority)
      throws IOException, OperatorCreationException, GeneralSecurityException {
    // Not empty, since not every reader takes an empty one; the name that counts is the URI.
    var subject =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, "Remit")
            .addRDN(BCStyle.CN, svid.id().value())
            .build();
    var builder =
        new JcaX509v3CertificateBuilder(
            authority.name(),
            new BigInteger(svid.serial(), 16),
            Date.from(from),
            Date.from(svid.expiresAt()),
            subject,
            key);
    var identifiers = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(USES));
    builder.addExtension(
        Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        identifiers.createAuthorityKeyIdentifier(authority.certificate().getPublicKey()));
    builder.addExtension(Extension.subjectAlternativeName, false, uri(svid.subject().value()));
    builder.addExtension(
        Extension.cRLDistributionPoints,
        false,
        new CRLDistPoint(
            new DistributionPoint[] {
              new DistributionPoint(new DistributionPointName(uri(list.toString())), null, null)
            }));
    return builder.build(authority.signer()).getEncoded();
  }

  private static GeneralNames uri(String uri) {
    return new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
  }

  /// Says what is not as it must be.
  private static Optional<String> wrong(
      X509Certificate built, Svid svid, PublicKey key, Authority authority)
      throws GeneralSecurityException {
    built.verify(authority.certificate().getPublicKey());
    var names = built.getSubjectAlternativeNames();
    boolean named = names != null && List.copyOf(names).equals(named(svid));
    boolean[] usage = built.getKeyUsage();
    if (!named) {
      return Optional.of("its names are " + names);
    }
    if (built.getBasicConstraints() >= 0 || usage == null || !isForSignaturesOnly(usage)) {
      return Optional.of("it could sign certificates");
    }
    boolean within =
        !built.getNotAfter().toInstant().isAfter(svid.expiresAt())
            && !svid.expiresAt().isAfter(authority.certificate().getNotAfter().toInstant());
    return within && built.getPublicKey().equals(key)
        ? Optional.empty()
        : Optional.of("it is of another time or key");
  }

  private static List<List<?>> named(Svid svid) {
    return List.of(List.of(URI_NAME, svid.subject().value()));
  }

  private static boolean isForSignaturesOnly(boolean[] usage) {
    for (int i = 0; i < usage.length; i++) {
      if (usage[i] != (i == DIGITAL_SIGNATURE)) {
        return false;
      }
    }
    return true;
  }
}
