package dev.remit.server.tokens.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/// Certificates of a PEM file, such as those of authorities.
public final class PemCertificates {

  private PemCertificates() {}

  /// Reads every certificate of `file`; none if the path is empty.
  ///
  /// @throws IllegalArgumentException if the file cannot be read or holds no certificate
  public static List<X509Certificate> read(Path file) {
    if (file.toString().isEmpty()) {
      return List.of();
    }
    try (var in = Files.newInputStream(file)) {
      var found =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (found.isEmpty()) {
        throw new IllegalArgumentException("`" + file + "` holds no certificate in PEM");
      }
      return found;
    } catch (IOException | CertificateException e) {
      throw new IllegalArgumentException("cannot read certificates from `" + file + "`", e);
    }
  }
}
