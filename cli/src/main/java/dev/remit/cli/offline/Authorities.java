package dev.remit.cli.offline;

import dev.remit.cli.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/// The timestamp authorities whose word about time a verification takes, by the certificates that
/// they sign with.
///
/// @param certificates may be none
public record Authorities(List<X509Certificate> certificates) {
  public static final Authorities NONE = new Authorities(List.of());

  public Authorities {
    certificates = List.copyOf(certificates);
  }

  /// Reads certificates, PEM one after the other or one in DER.
  public static Authorities named(String name, Path file) {
    try (var in = Files.newInputStream(file)) {
      var read = CertificateFactory.getInstance("X.509").generateCertificates(in);
      return new Authorities(read.stream().map(X509Certificate.class::cast).toList());
    } catch (IOException e) {
      throw new CommandFailed(
          "cannot read `" + name + "`", "name a file with the authority's certificate", e);
    } catch (CertificateException e) {
      throw new CommandFailed(
          "`" + name + "` holds no certificate: " + e.getMessage(),
          "pass the certificate that the authority signs with, as PEM",
          e);
    }
  }
}
