package dev.remit.server.tokens.proof;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/// The limits of platform proofs.
///
/// @param issuer this server's public URL: the `aud` of a proof that an identity signs itself
/// @param skew how far other clocks may be from ours
/// @param ownLifetimeMax how long a proof signed by an identity's own key may live
/// @param platformLifetimeMax how long a platform's proof may live from issue to expiry; longer
///   ones are refused as long-lived credentials
/// @param fetch how the keys of platforms are fetched
public record ProofConfig(
    URI issuer,
    Duration skew,
    Duration ownLifetimeMax,
    Duration platformLifetimeMax,
    Fetch fetch,
    List<X509Certificate> clientAuthorities,
    List<Bundle> bundles) {

  public ProofConfig {
    clientAuthorities = List.copyOf(clientAuthorities);
    bundles = List.copyOf(bundles);
  }

  /// Where the keys of a SPIFFE trust domain are to be had.
  public record Bundle(String trustDomain, From from) {

    /// One or the other.
    public sealed interface From {
      record Endpoint(URI url) implements From {}

      record File(Path path) implements From {}
    }
  }

  /// How the keys of platforms are fetched.
  ///
  /// @param timeout for each of the two requests, headers and body together
  /// @param bytesMax the largest document that is read
  /// @param freshFor how long fetched keys are used without asking again
  /// @param usableFor how long they are used while the platform cannot be reached
  /// @param again the least time between two fetches from one platform, however many ask
  public record Fetch(
      Duration timeout, int bytesMax, Duration freshFor, Duration usableFor, Duration again) {

    public static Fetch defaults() {
      return new Fetch(
          Duration.ofSeconds(3),
          256 * 1024,
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofSeconds(10));
    }
  }

  public static ProofConfig of(URI issuer) {
    return new ProofConfig(
        issuer,
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofHours(24),
        Fetch.defaults(),
        List.of(),
        List.of());
  }
}
