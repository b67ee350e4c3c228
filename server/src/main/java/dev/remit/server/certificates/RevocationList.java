package dev.remit.server.certificates;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;

/// Signs the list of what an authority has revoked.
///
/// Source: RFC 5280, section 5.
final class RevocationList {

  private RevocationList() {}

  /// What a list says of itself.
  ///
  /// @param number one more than that of the list before
  record Head(long number, Instant thisUpdate, Instant nextUpdate) {}

  /// @param backDated by how much each is dated back, as the list itself is: some verifiers do not
  ///   look at an entry that is later than their own clock
  static byte[] sign(Authority authority, Head head, List<Svid> revoked, Duration backDated) {
    try {
      var builder = new X509v2CRLBuilder(authority.name(), Date.from(head.thisUpdate()));
      builder.setNextUpdate(Date.from(head.nextUpdate()));
      for (var svid : revoked) {
        builder.addCRLEntry(
            new BigInteger(svid.serial(), 16),
            Date.from(svid.revokingAt().orElseThrow().minus(backDated)),
            reason(svid.reason().orElse("")));
      }
      builder.addExtension(
          Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(head.number())));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils()
              .createAuthorityKeyIdentifier(authority.certificate().getPublicKey()));
      return builder.build(authority.signer()).getEncoded();
    } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign the list of " + authority, e);
    }
  }

  private static int reason(String reason) {
    return switch (reason) {
      case Ending.TASK_ENDED -> CRLReason.cessationOfOperation;
      case Ending.SUSPENDED, Ending.NO_STANDING -> CRLReason.privilegeWithdrawn;
      case Ending.AUTHORITY_REVOKED -> CRLReason.cACompromise;
      default -> CRLReason.unspecified;
    };
  }
}
