package dev.remit.server.tokens;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.tokens.proof.ProofConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

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
/// @param delegationsMax how many times work is delegated at most, 0 for never
/// @param proofs the limits of what workloads prove themselves with
/// @param holders who must bind tokens to a key
/// @param keys when the keys that sign tokens change
/// @param statusTtl how long whoever took a status list need not ask for it again
/// @param svids what it vouches for to others
public record TokenConfig(
    URI issuer,
    Duration skew,
    Lifetimes lifetimes,
    int checkedMax,
    Duration staleAfter,
    Duration pollEvery,
    Duration operatorLifetime,
    Duration operatorLifetimeMax,
    int delegationsMax,
    ProofConfig proofs,
    HolderConfig holders,
    KeyTimes keys,
    Duration statusTtl,
    SvidConfig svids) {

  /// Each link makes a token longer, and a call is judged for each.
  private static final int DELEGATIONS_MAX = 8;

  public TokenConfig {
    if (issuer.toString().endsWith("/")) {
      throw new IllegalArgumentException("the public URL ends without a slash, not " + issuer);
    }
    if (delegationsMax < 0 || delegationsMax > DELEGATIONS_MAX) {
      throw new IllegalArgumentException(
          "delegationsMax is from 0 to " + DELEGATIONS_MAX + ", was " + delegationsMax);
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
        4,
        ProofConfig.of(issuer),
        HolderConfig.offered(),
        KeyTimes.defaults(),
        Duration.ofSeconds(15),
        SvidConfig.of("remit.local"));
  }

  /// Returns how long something signed may live, so for how long its key must be trusted after it
  /// was replaced.
  Duration trustedFor() {
    var list = statusTtl.multipliedBy(StatusLists.LIVES);
    var longest = lifetimes.tokenMax();
    return (list.compareTo(longest) > 0 ? list : longest).plus(skew.multipliedBy(2));
  }

  /// Returns the audience of tokens with which decisions are asked for.
  public URI decisionAudience() {
    return URI.create(issuer + "/access/v1");
  }

  /// Returns the audience of tokens by which work is handed on: the token endpoint itself.
  public URI delegationAudience() {
    return URI.create(issuer + "/oauth2/token");
  }

  /// Returns the resource whose audience this is; empty if it is none of a resource.
  Optional<ResourceName> resource(URI audience) {
    var prefix = issuer + "/mcp/";
    var text = audience.toString();
    try {
      return text.startsWith(prefix)
          ? Optional.of(new ResourceName(text.substring(prefix.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Returns the audience of tokens for the MCP resource of that name.
  public URI audience(String resource) {
    return URI.create(issuer + "/mcp/" + resource);
  }
}
