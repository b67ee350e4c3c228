package dev.remit.server.signin;

import dev.remit.kernel.identity.RiskClass;
import dev.remit.server.tokens.proof.ProofConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// How people sign in.
///
/// @param publicUrl the server's own address, without a slash at the end
/// @param localAccounts whether people may have a password here
/// @param idleFor how long a session lasts without use
/// @param sessionMax how long it lasts at most
/// @param freshFor how long it counts that somebody has shown who they are, for what is of high
///   risk
/// @param freshFrom the least class of risk of a workflow for which that is asked
/// @param provider the organisation's identity provider, if it has one
/// @param privateClients whether the metadata of clients may lie at private and loopback addresses
/// @param proofs the limits of what is fetched and of clocks
public record SignInConfig(
    URI publicUrl,
    boolean localAccounts,
    Duration idleFor,
    Duration sessionMax,
    Duration freshFor,
    RiskClass freshFrom,
    Optional<Provider> provider,
    boolean privateClients,
    ProofConfig proofs) {

  /// An OpenID Connect provider.
  ///
  /// @param issuer exact `iss`; all else is found by discovery
  /// @param client our client ID there
  /// @param secret our secret there; without one we sign (`private_key_jwt`) with the key of task
  ///   tokens, which the provider finds at our `jwks_uri`
  /// @param by by what a person is found
  public record Provider(URI issuer, String client, Optional<Secret> secret, FoundBy by) {}

  /// A secret that does not show itself.
  public record Secret(String value) {
    @Override
    public String toString() {
      return "Secret[redacted]";
    }
  }

  /// By which claim of the provider a declared person is found.
  public enum FoundBy {
    /// `sub` is the manifest's `subject`.
    SUBJECT,
    /// `email`, which the provider says it has verified, is the manifest's `email`.
    EMAIL
  }

  /// Returns the defaults for a server that is reached under `publicUrl`.
  public static SignInConfig of(URI publicUrl) {
    return new SignInConfig(
        publicUrl,
        true,
        Duration.ofMinutes(30),
        Duration.ofHours(12),
        Duration.ofMinutes(5),
        RiskClass.HIGH,
        Optional.empty(),
        false,
        ProofConfig.of(publicUrl));
  }
}
