package dev.remit.server.signals;

import dev.remit.server.tokens.proof.ProofConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Who may tell us that somebody must not act any more.
///
/// @param issuer this server's public URL
/// @param skew how far other clocks may be from ours
/// @param ageMax how old a token may be; for so long it is remembered, so that a copy does nothing
/// @param fetch how the keys of transmitters are fetched
public record SignalConfig(
    URI issuer,
    Duration skew,
    Duration ageMax,
    ProofConfig.Fetch fetch,
    List<Source> transmitters) {

  public SignalConfig {
    transmitters = List.copyOf(transmitters);
  }

  /// One transmitter.
  ///
  /// @param name the last part of the address that it pushes to
  /// @param issuer the `iss` of its tokens
  /// @param keys where its key set is
  /// @param audience how it names us
  /// @param token what it must send as bearer, if anything
  public record Source(String name, URI issuer, URI keys, String audience, Optional<String> token) {
    @Override
    public String toString() {
      return name + " (" + issuer + ")";
    }
  }

  Optional<Source> transmitter(String name) {
    return transmitters.stream().filter(one -> one.name().equals(name)).findFirst();
  }
}
