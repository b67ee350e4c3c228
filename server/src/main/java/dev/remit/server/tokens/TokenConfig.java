package dev.remit.server.tokens;

import dev.remit.server.tokens.proof.ProofConfig;
import java.net.URI;
import java.time.Duration;

/// The limits of tokens and tasks.
///
/// @param issuer the server's public URL without a trailing slash; the `iss` of every token
/// @param skew how far other clocks may be from ours
/// @param lifetimes how long tokens and tasks live
/// @param checkedMax how many verified tokens a node remembers
/// @param staleAfter when a node that has not heard of suspensions refuses every token
/// @param pollEvery how often a node asks although nothing was announced; well below `staleAfter`
/// @param operatorLifetime how long an operator token lives when nothing else is asked
/// @param operatorLifetimeMax the most that may be asked
/// @param proofs the limits of what workloads prove themselves with
public record TokenConfig(
    URI issuer,
    Duration skew,
    Lifetimes lifetimes,
    int checkedMax,
    Duration staleAfter,
    Duration pollEvery,
    Duration operatorLifetime,
    Duration operatorLifetimeMax,
    ProofConfig proofs) {

  public TokenConfig {
    if (issuer.toString().endsWith("/")) {
      throw new IllegalArgumentException("the public URL ends without a slash, not " + issuer);
    }
    if (staleAfter.compareTo(pollEvery.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "staleAfter must be at least twice pollEvery, was " + staleAfter + " and " + pollEvery);
    }
  }

  /// Returns the defaults for a server that is reached under `issuer`.
  public static TokenConfig of(URI issuer) {
    return new TokenConfig(
        issuer,
        Duration.ofSeconds(30),
        Lifetimes.defaults(),
        100_000,
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        Duration.ofHours(12),
        Duration.ofDays(30),
        ProofConfig.of(issuer));
  }

  /// Returns the audience of tokens with which decisions are asked for.
  public URI decisionAudience() {
    return URI.create(issuer + "/access/v1");
  }

  /// Returns the audience of tokens for the MCP resource of that name.
  public URI audience(String resource) {
    return URI.create(issuer + "/mcp/" + resource);
  }
}
