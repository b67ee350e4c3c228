package dev.remit.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a request presents to say who sends it. Nothing of it is believed yet, except that whoever
/// sends it holds the private key of the certificate: the TLS handshake has shown that.
///
/// @param authorization the header's value, or empty when it was absent
/// @param dpop the values of every `DPoP` header (RFC 9449, section 4)
/// @param method the HTTP method
/// @param path the path as it came, without query
/// @param certificates the client's certificate and what it sent to vouch for it; empty without
public record Presented(
    String authorization,
    List<String> dpop,
    String method,
    String path,
    List<X509Certificate> certificates) {
  private static final HeaderName DPOP = HeaderNames.create("DPoP");

  public Presented {
    dpop = List.copyOf(dpop);
    certificates = List.copyOf(certificates);
  }

  public static Presented by(ServerRequest request) {
    var headers = request.headers();
    return new Presented(
        headers.first(HeaderNames.AUTHORIZATION).orElse(""),
        headers.contains(DPOP) ? headers.get(DPOP).allValues() : List.of(),
        request.prologue().method().text(),
        request.prologue().uriPath().rawPath(),
        request.remotePeer().tlsCertificates().map(Presented::certificates).orElseGet(List::of));
  }

  private static List<X509Certificate> certificates(Certificate[] chain) {
    return Arrays.stream(chain)
        .filter(X509Certificate.class::isInstance)
        .map(X509Certificate.class::cast)
        .toList();
  }

  /// Whether the credential is of this scheme, whose name is without case.
  public boolean isOf(String scheme) {
    return authorization.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1);
  }

  /// Returns the credential behind the scheme's name; empty if there is none.
  public String credential() {
    int space = authorization.indexOf(' ');
    return space < 0 ? "" : authorization.substring(space + 1).strip();
  }

  /// Returns the certificate whose key the sender holds.
  public Optional<X509Certificate> certificate() {
    return certificates.stream().findFirst();
  }

  /// Says nothing of what was presented.
  @Override
  public String toString() {
    return method + " " + path;
  }
}
