package dev.remit.server.http;

import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// TLS of the server itself: versions 1.3 and 1.2, its certificate and key from PEM files.
///
/// @param certificate the server's certificate, followed by those of its authorities
/// @param key its private key, PKCS #8 or PKCS #1, not encrypted
/// @param asksClients whether clients are asked for a certificate; none has to have one
public record ServerTls(Path certificate, Path key, boolean asksClients) {

  /// Reads the files.
  ///
  /// Of a client's certificate the handshake shows only that the client holds its key. Any is
  /// taken: whom it means, and who vouches for it, is for those to say who rely on it, since a
  /// self-signed one is as good as its registration.
  ///
  /// @throws IllegalArgumentException if a file cannot be read or holds something else
  public Tls load() {
    readable("server.tls.certificate", certificate);
    readable("server.tls.key", key);
    try {
      var keys =
          Keys.builder()
              .pem(pem ->
                  pem.key(resource -> resource.path(key))
                      .certChain(resource -> resource.path(certificate)))
              .build();
      return Tls.builder()
          .privateKey(keys.privateKey().orElseThrow())
          .privateKeyCertChain(keys.certChain())
          .clientAuth(asksClients ? TlsClientAuth.OPTIONAL : TlsClientAuth.NONE)
          .trustAll(asksClients)
          .enabledProtocols(List.of("TLSv1.3", "TLSv1.2"))
          .build();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "`server.tls`: `%s` and `%s` are not a certificate and its private key in PEM: %s"
              .formatted(certificate, key, e.getMessage()),
          e);
    }
  }

  private static void readable(String setting, Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("`" + setting + "`: cannot read `" + file + "`");
    }
  }
}
